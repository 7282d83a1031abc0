package io.tardiff.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.TinyRun;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TrainModels;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FromJdbcTest {
  /** 120 stays of 60 hours, a quarter of which end in death, and a row without a time. */
  private static final String ROWS =
      """
      create table stays (patient text, stay text, age int, sex text,
          admitted timestamp, left_unit timestamp, died boolean);
      create table vitals (patient text, stay text, charted timestamp, item text, value real);
      create table synthetic_vitals (sample bigint, died int, hour real, item text, value real,
          unit text, primary key (sample, hour, item));
      insert into stays
        select 'p' || i, 's' || i, 40 + i % 50, case i % 2 when 0 then 'F' else 'M' end,
            timestamp '2150-01-01 08:30:00' + i * interval '1 day',
            timestamp '2150-01-03 20:30:00' + i * interval '1 day', i % 4 = 0
        from generate_series(1, 120) i;
      insert into vitals
        select patient, stay, admitted + h * interval '2 hours', item,
            case item when 'Heart rate' then 80 when 'Breaths' then 18 else 120 end + h % 7
        from stays, generate_series(0, 23) h,
            (values ('Heart rate'), ('Systolic pressure'), ('Breaths')) items (item);
      insert into vitals values ('p1', 's1', null, 'Heart rate', null);
      """;

  @Test
  void readsFromAndWritesToADatabase(@TempDir Path directory) throws Exception {
    try (Postgres postgres = Postgres.start();
        Connection connection = DriverManager.getConnection(postgres.url());
        Statement statement = connection.createStatement()) {
      statement.execute(ROWS);

      Pipeline pipeline = Pipeline.create();
      FromJdbc.writeSamples(
          FromJdbc.buildCohort(pipeline, postgres.url(), directory.resolve("cohort").toString())
              .apply(
                  "Train",
                  TrainModels.to(directory.resolve("model").toString())
                      .withConfig(TinyRun.TRAINING))
              .apply(
                  "Generate",
                  GenerateSyntheticEhr.to(directory.toString()).withConfig(TinyRun.GENERATION)),
          postgres.url());
      pipeline.run().waitUntilFinish();

      Cohort cohort = Cohort.open(directory.resolve("cohort").toString());
      long[] labels = new long[2];
      for (Split split : Split.values()) {
        long[] ofSplit = cohort.labelCounts(split);
        Arrays.setAll(labels, label -> labels[label] + ofSplit[label]);
      }
      assertThat(labels, is(new long[] {90, 30}));
      // 120 readings at 08:30 and 10:30 are in the first step of four hours.
      float[] first = cohort.readAll(Split.TRAIN).get(0).values();
      assertThat(first[0], is(80.5f));
      assertThat(first[1], is(120.5f));

      // As many samples as train has windows, of 12 steps and 3 channels.
      long[] train = cohort.labelCounts(Split.TRAIN);
      assertThat(
          rows(
              statement, "select died, count(*) from synthetic_vitals group by died order by died"),
          is(List.of("0 " + 36 * train[0], "1 " + 36 * train[1])));
      assertThat(
          rows(
              statement,
              "select item, unit, max(hour) from synthetic_vitals group by item, unit order by item"),
          is(List.of("HR bpm 44", "RR breaths/min 44", "SBP mmHg 44")));

      // Write again, as in a retried bundle.
      Pipeline again = Pipeline.create();
      FromJdbc.writeSamples(
          again.apply(Create.of(SyntheticSet.open(directory.resolve("none").toString()))),
          postgres.url());
      again.run().waitUntilFinish();
      assertThat(
          rows(statement, "select count(*) from synthetic_vitals"),
          is(List.of(String.valueOf(36 * (train[0] + train[1])))));
    }
  }

  private static List<String> rows(Statement statement, String query) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(query)) {
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
          row.add(result.getString(i));
        }
        rows.add(String.join(" ", row));
      }
    }
    return rows;
  }
}
