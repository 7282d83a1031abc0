package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.hasSize;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFilesTest {
  @TempDir Path directory;

  /**
   * BigQuery exports to {@code measurement-*.csv} and {@code measurement*.csv}, and Beam shards.
   */
  @ParameterizedTest
  @CsvSource({
    "measurement-000000000000.csv, measurement-000000000001.csv",
    "measurement000000000000.csv, measurement000000000001.csv",
    "MEASUREMENT000000000000.CSV.GZ, MEASUREMENT000000000001.CSV.GZ",
    "measurement-00000-of-00002.csv, measurement-00001-of-00002.csv",
    "measurement.csv-00000-of-00002, measurement.csv-00001-of-00002",
    "measurement_00000.tsv, measurement_00001.tsv"
  })
  void shardsAreFoundByTheirNumbers(String first, String second) throws Exception {
    Files.createFile(directory.resolve(first));
    Files.createFile(directory.resolve(second));

    assertThat(TableFiles.in(directory.toString()).of("measurement"), hasSize(2));
  }

  @Test
  void missingShardsAreRejected() throws Exception {
    Files.createFile(directory.resolve("measurement000000000000.csv"));
    Files.createFile(directory.resolve("measurement000000000002.csv"));
    TableFiles part = TableFiles.in(directory.toString());

    assertThat(
        assertThrows(IllegalArgumentException.class, () -> part.of("measurement")).getMessage(),
        containsString("must have all shards of table measurement, lacks number 1"));
  }
}
