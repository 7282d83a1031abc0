package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import java.util.zip.GZIPOutputStream;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Values are read correctly or counted as unknown: 24 stays in realistic tables, from files to a
 * cohort by the command line.
 */
class ValuesTest {
  private static final int STAYS = 24;
  private static final int HOURS = 6;
  private static final String STAYS_TABLE =
      "  stays: {files: stays.csv, subject: patient, stay: stay, admission: admitted, discharge:"
          + " left,\n"
          + "          hospital_death: {column: outcome, values: {dead: 1, alive: 0}, time:"
          + " left}}\n";
  private static final String GOOD =
      "  good: {files: good.csv, subject: patient, stay: stay, time: charted,"
          + " columns: {SpO2: SpO2}}\n";
  private static final String LONG =
      "subject: patient, stay: stay, time: charted, code: item, value: value, unit: unit}\n";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path directory;

  /** Writes the stays and a channel without problems. */
  private void ward() throws IOException {
    write("stays.csv", stays(i -> "p" + i, i -> "s" + i));
    write("good.csv", rows("patient,stay,charted,SpO2", 0, STAYS, (i, h) -> "97"));
  }

  @Test
  void filesOfOneTableMayDifferInTheOrderOfColumns() throws IOException {
    ward();
    write("wide-1.csv", rows("patient,stay,charted,HR,SBP", 0, 12, (i, h) -> "80,120"));
    write("wide-2.csv", rows("patient,stay,charted,SBP,HR", 12, STAYS, (i, h) -> "120,80"));

    Cohort cohort =
        tables(
            "  wide: {files: 'wide-*.csv', subject: patient, stay: stay, time: charted,"
                + " columns: {HR: HR, SBP: SBP}}\n",
            "--channels=HR,SBP,SpO2");

    for (String stay : List.of("s0", "s11", "s12", "s20")) {
      assertThat(stay, value(cohort, stay, "HR", 0), is(80.0));
      assertThat(stay, value(cohort, stay, "SBP", 0), is(120.0));
    }
  }

  @Test
  void fileWithoutAColumnIsReported() throws IOException {
    ward();
    write("v-01.csv", rows("patient,stay,charted,HR,SpO2", 0, 8, (i, h) -> "80,97"));
    write("v-02.csv", rows("patient,stay,charted,RR,SpO2", 8, 16, (i, h) -> "18,97"));
    write("v-03.csv", rows("patient,stay,charted,HR,SpO2", 16, STAYS, (i, h) -> "80,97"));

    Cohort cohort =
        tables(
            "  v: {files: 'v-*.csv', subject: patient, stay: stay, time: charted,"
                + " columns: {HR: HR, SpO2: SpO2}}\n",
            "--channels=HR,SpO2");

    assertThat(value(cohort, "s0", "HR", 0), is(80.0));
    assertThat(value(cohort, "s10", "HR", 0), is(nullValue()));
    assertThat(value(cohort, "s10", "SpO2", 0), is(97.0));
    assertThat(output(), containsString("v: 48 rows of a file without the column HR"));
  }

  @Test
  void columnMissingFromAllFilesAndKeyMissingFromOneAreRejectedByName() throws IOException {
    ward();
    write("v-01.csv", rows("patient,stay,charted,RR", 0, 12, (i, h) -> "18"));
    write("v-02.csv", rows("patient,admission,charted,RR", 12, STAYS, (i, h) -> "18"));
    String wide =
        "  v: {files: '%s', subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n";

    assertThat(refusal(String.format(wide, "v-01.csv")), containsString("lacks HR"));
    assertThat(
        refusal(String.format(wide, "v-*.csv")),
        allOf(containsString("v-02.csv must have the columns"), containsString("lacks stay")));
  }

  @Test
  void namesThatDifferInCaseAreTwoColumns() throws IOException {
    ward();
    write("v.csv", rows("Patient,STAY,charted,dbp,DBP", 0, STAYS, (i, h) -> "61,62"));

    Cohort cohort =
        tables(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted,"
                + " columns: {DBP: DBP, dbp: MAP}}\n",
            "--channels=DBP,MAP,SpO2");

    assertThat(value(cohort, "s3", "DBP", 0), is(62.0));
    assertThat(value(cohort, "s3", "MAP", 0), is(61.0));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "patient,stay,charted,hr,Hr | must have one column HR, has hr and Hr",
        "patient,stay,charted,HR,HR | must have distinct column names, has HR twice",
        "patient,stay,charted,HR,x,x | must have distinct column names, has x twice",
      })
  void ambiguousColumnsAreRejected(String header, String message) throws IOException {
    ward();
    int more = header.split(",").length - 4;
    write("v.csv", rows(header, 0, STAYS, (i, h) -> "80" + ",7".repeat(more)));

    assertThat(
        refusal(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR:"
                + " HR}}\n"),
        containsString("v.csv " + message));
  }

  @Test
  void mappingCanSetADecimalComma() throws IOException {
    ward();
    write("long.csv", temperatures());

    Cohort cohort =
        tables(
            "  long: {files: long.csv, delimiter: \";\", decimal: \",\", " + LONG,
            "--channels=Temp,SpO2");

    assertThat(value(cohort, "s1", "Temp", 0), is(38.0));
    assertThat(value(cohort, "s1", "Temp", 1), closeTo(36.5, 1e-5));
  }

  @Test
  void optionCanSetADecimalComma() throws IOException {
    ward();
    write("long.csv", temperatures());

    Cohort cohort =
        tables("  long: {files: long.csv, " + LONG, "--channels=Temp,SpO2", "--decimal=,");

    assertThat(value(cohort, "s1", "Temp", 1), closeTo(36.5, 1e-5));
  }

  @Test
  void decimalCommasAreOtherwiseCountedWithAWarning() throws IOException {
    ward();
    write("long.csv", temperatures());

    Cohort cohort = tables("  long: {files: long.csv, " + LONG, "--channels=Temp,SpO2");

    assertThat(value(cohort, "s1", "Temp", 0), is(38.0));
    assertThat(value(cohort, "s1", "Temp", 1), is(nullValue()));
    assertThat(
        output(),
        allOf(
            containsString("72 a number with a decimal comma"),
            containsString("WARNING: 50.00 % of the values of Temp were dropped"),
            containsString("--decimal=,")));
    assertThat(cohort.values().get("Temp").dropped().get("a number with a decimal comma"), is(72L));
  }

  @Test
  void channelWithMostValuesDroppedFailsTheRun() throws IOException {
    ward();
    write(
        "long.csv",
        rows(
            "patient;stay;charted;item;value;unit",
            0,
            STAYS,
            (i, h) -> "Temp;" + (h % 3 == 0 ? "38" : "36,5") + ";Cel"));

    assertThat(
        failure("  long: {files: long.csv, " + LONG, "--channels=Temp,SpO2"),
        allOf(
            containsString("66.7 % of the values of channel Temp were dropped"),
            containsString("droppedThreshold"),
            containsString("96 a number with a decimal comma")));
    err.reset();
    tables("  long: {files: long.csv, " + LONG, "--channels=Temp,SpO2", "--droppedThreshold=0.7");
  }

  @Test
  void boundsAndOtherTextsAreNotNumbers() throws IOException {
    ward();
    List<String> odd = List.of("70", ">200", "1+", "80%", "61", "refused");
    write(
        "long.csv",
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) -> "HR," + (i == 0 ? odd.get(h) : "80") + ",bpm"));

    Cohort cohort = tables("  long: {files: long.csv, " + LONG, "--channels=HR,SpO2");

    assertThat(value(cohort, "s0", "HR", 0), is(70.0));
    for (int hour : new int[] {1, 2, 3, 5}) {
      assertThat(value(cohort, "s0", "HR", hour), is(nullValue()));
    }
    assertThat(
        output(),
        allOf(
            containsString("1 a bound such as >100, not a number"),
            containsString("3 a text, not a number")));
  }

  @Test
  void wideTablesCountTheSame() throws IOException {
    ward();
    write(
        "v.csv",
        rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> i == 0 && h == 1 ? ">200" : "80"));

    Cohort cohort =
        tables(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n",
            "--channels=HR,SpO2");

    assertThat(value(cohort, "s0", "HR", 1), is(nullValue()));
    assertThat(output(), containsString("1 a bound such as >100, not a number"));
  }

  @Test
  void idsThatBecameFloatsAreTheSameIds() throws IOException {
    write("stays.csv", stays(i -> "" + (1000 + i), i -> "" + (2000 + i)));
    write(
        "good.csv",
        rows("patient,stay,charted,SpO2", 0, STAYS, (i, h) -> "97")
            .replaceAll("p(\\d+),s(\\d+)", "#$1,#$2"));
    renumber("good.csv");
    // A data frame writes a column with gaps as floats: the first stays have no id.
    StringBuilder vitals = new StringBuilder(",patient,stay,charted,HR\n");
    for (int i = 0; i < STAYS; i++) {
      for (int h = 0; h < HOURS; h++) {
        vitals.append(
            String.format(
                "%d,%d,%s,%s,80.0%n",
                i * HOURS + h, 1000 + i, i < 4 ? "" : 2000 + i + ".0", time(h)));
      }
    }
    write("vitals.csv", vitals.toString());

    Cohort cohort =
        tables(
            "  vitals: {files: vitals.csv, subject: patient, stay: stay, time: charted,"
                + " columns: {HR: HR}}\n",
            "--channels=HR,SpO2");

    for (String stay : List.of("2000", "2004", "2010", "2023")) {
      assertThat(stay, value(cohort, stay, "HR", 0), is(80.0));
    }
  }

  @Test
  void unmatchedStaysAreCountedAndFailAChannelWithoutValues() throws IOException {
    ward();
    write(
        "v.csv",
        rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> "80").replaceAll(",s(\\d+)", ",v$1"));

    assertThat(
        failure(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n",
            "--channels=HR,SpO2"),
        allOf(
            containsString("channel HR is never observed in the train split"),
            containsString("of 144 values read, 144 of a stay that has no admission")));
  }

  @Test
  void unmatchedSubjectsAreReported() throws IOException {
    ward();
    write(
        "v.csv",
        rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> "80").replaceAll("(?m)^p", "P"));

    assertThat(
        failure(
            "  v: {files: v.csv, subject: patient, time: charted, columns: {HR: HR}}\n",
            "--channels=HR,SpO2"),
        containsString("of 144 values read, 144 of a subject without an admission"));
  }

  @Test
  void lookalikeCodesAreReported() throws IOException {
    ward();
    write(
        "long.csv", rows("patient,stay,charted,item,value,unit", 0, STAYS, (i, h) -> "hr,80,bpm"));

    assertThat(
        failure("  long: {files: long.csv, " + LONG, "--channels=HR,SpO2"),
        containsString("144 with a code that only looks like one of these"));
  }

  /** NA is sodium if the mapping says so, and a missing value elsewhere. */
  @Test
  void nullWordMayBeACode() throws IOException {
    ward();
    write(
        "long.csv",
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) -> "NA," + (h == 0 ? "NA" : "140") + ",mmol/L"));

    Cohort cohort =
        tables(
            "  long: {files: long.csv, subject: patient, stay: stay, time: charted,"
                + " code: {column: item, rename: {NA: Na}}, value: value, unit: unit}\n",
            "--channels=Na,SpO2");

    assertThat(value(cohort, "s1", "Na", 0), is(nullValue()));
    assertThat(value(cohort, "s1", "Na", 1), is(140.0));
  }

  @ParameterizedTest
  @ValueSource(strings = {"NULL", "NA", "NaN", "nan", "\\N", "None", "<NA>", "", "#N/A", "k.A."})
  void nullWordsAreMissingValuesInEveryColumn(String word) throws IOException {
    write(
        "stays.csv",
        stays(i -> "p" + i, i -> "s" + i)
            .replace(
                "p5,s5,2150-01-01 08:00:00,2150-01-04 08:00:00,alive",
                "p5,s5,2150-01-01 08:00:00," + word + "," + word));
    write(
        "good.csv",
        rows("patient,stay,charted,SpO2", 0, STAYS, (i, h) -> i == 0 && h == 1 ? word : "97"));

    Cohort cohort = tables("", "--channels=SpO2", "--nullWords=k.A.,?");

    assertThat(value(cohort, "s0", "SpO2", 0), is(97.0));
    assertThat(value(cohort, "s0", "SpO2", 1), is(nullValue()));
    assertThat(find(cohort, "s5"), is(nullValue()));
    assertThat(output(), matchesPattern("(?s).*dead letters +0 .*"));
  }

  @Test
  void microSignsAreOneUnitInAnyCharacterSet() throws IOException {
    ward();
    String creatinine =
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) -> "Creatinine,88.4," + (i % 2 == 0 ? "umol/L" : "\u00B5mol/L"));
    write("crea.csv", creatinine, StandardCharsets.ISO_8859_1);
    String bilirubin =
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) -> "Bilirubin,17.1," + (i % 2 == 0 ? "\u00B5mol/l" : "\u03BCmol/L"));
    write("bili.csv", bilirubin);
    String lactate =
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) ->
                "Platelets,250," + (i % 2 == 0 ? "10\u00B3/\u00C2\u00B5L" : "\u00D710\u2079/L"));
    write("plt.csv", lactate);

    Cohort cohort =
        tables(
            "  crea: {files: crea.csv, "
                + LONG
                + "  bili: {files: bili.csv, "
                + LONG
                + "  plt: {files: plt.csv, "
                + LONG,
            "--channels=Creatinine,Bilirubin,Platelets,SpO2");

    for (String stay : List.of("s0", "s1")) {
      assertThat(value(cohort, stay, "Creatinine", 0), closeTo(1.0, 1e-3));
      assertThat(value(cohort, stay, "Bilirubin", 0), closeTo(1.0, 1e-3));
      assertThat(value(cohort, stay, "Platelets", 0), is(250.0));
    }
    assertThat(output(), containsString("crea: 72 lines that are not UTF-8, taken for ISO 8859-1"));
  }

  @Test
  void anUnknownUnitIsCountedAndItsFileCanBeInAnotherCharacterSet() throws IOException {
    ward();
    write(
        "crea.csv",
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) -> "Creatinine,88.4," + (h == 0 ? "furlong" : "\u00B5mol/L")),
        Charset.forName("IBM850"));

    Cohort cohort =
        tables("  crea: {files: crea.csv, charset: IBM850, " + LONG, "--channels=Creatinine,SpO2");

    assertThat(value(cohort, "s1", "Creatinine", 0), is(nullValue()));
    assertThat(value(cohort, "s1", "Creatinine", 1), closeTo(1.0, 1e-3));
    assertThat(output(), containsString("24 of an unknown unit"));
  }

  /** Semicolons, a byte order mark, quotes, carriage returns, empty trailing columns. */
  @ParameterizedTest
  @ValueSource(strings = {"UTF-8", "UTF-16LE", "UTF-16BE", "UTF-32LE"})
  void tablesSavedBySpreadsheetProgramsAreRead(String charset) throws IOException {
    ward();
    String table =
        rows("\"Patient \";\" stay\";charted;\"heart; rate\";Note", 0, STAYS, (i, h) -> "\"80\";;")
            .replace(",", ";")
            .replace("\n", "\r\n");
    write("v.csv", "\uFEFF" + table, Charset.forName(charset));

    Cohort cohort =
        tables(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted,"
                + " columns: {'Heart; rate': HR}}\n",
            "--channels=HR,SpO2");

    assertThat(value(cohort, "s7", "HR", 5), is(80.0));
    assertThat(output(), matchesPattern("(?s).*dead letters +0 .*"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {"\\r | plain", "\\n | sep=;", "\\r\\n | sep=;"})
  void linesEndInAnyWay(String end, String first) throws IOException {
    ward();
    String table = rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> "80").replace(",", ";");
    String ended = (first.equals("plain") ? table : first + "\n" + table);
    write("v.csv", ended.replace("\n", end.translateEscapes()));

    Cohort cohort =
        tables(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n",
            "--channels=HR,SpO2");

    assertThat(value(cohort, "s7", "HR", 5), is(80.0));
    assertThat(output(), matchesPattern("(?s).*dead letters +0 .*"));
  }

  @Test
  void formatOfTimesCanBeSet() throws IOException {
    ward();
    write(
        "v.csv",
        rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> "80")
            .replaceAll("2150-01-01 (\\d\\d:\\d\\d):00", "01.01.2150 $1"));

    Cohort cohort =
        tables(
            "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n",
            "--channels=HR,SpO2",
            "--timeFormat=iso|dd.MM.yyyy HH:mm");

    assertThat(value(cohort, "s7", "HR", 5), is(80.0));
  }

  @Test
  void compressionIsDetectedByContentAndTruncatedFilesAreNamed() throws IOException {
    ward();
    String table = rows("patient,stay,charted,HR", 0, STAYS, (i, h) -> "8" + h % 10);
    byte[] packed = gzip(table);
    Files.write(directory.resolve("v.csv"), packed);
    String wide =
        "  v: {files: v.csv, subject: patient, stay: stay, time: charted, columns: {HR: HR}}\n";

    assertThat(value(tables(wide, "--channels=HR,SpO2"), "s7", "HR", 5), is(85.0));

    Files.write(directory.resolve("v.csv"), Arrays.copyOf(packed, packed.length - 30));
    assertThat(
        failure(wide, "--channels=HR,SpO2"),
        containsString("v.csv: its compressed content is truncated or corrupt"));

    Files.write(directory.resolve("v.csv"), new byte[] {'P', 'K', 3, 4, 0, 0});
    assertThat(refusal(wide), containsString("v.csv: it is a zip archive or a spreadsheet"));
  }

  @Test
  void wrongCharacterSetIsRejectedByFileName() throws IOException {
    ward();
    write(
        "v.csv",
        rows("patient,stay,charted,HR,name", 0, STAYS, (i, h) -> "80,M\u00FCller"),
        StandardCharsets.ISO_8859_1);

    assertThat(
        failure(
            "  v: {files: v.csv, charset: UTF-8, subject: patient, stay: stay, time: charted,"
                + " columns: {HR: HR}}\n",
            "--channels=HR,SpO2"),
        containsString("v.csv: it is not valid UTF-8; set charset"));
  }

  /** Two of a hundred rows are bad, whatever share of the rows becomes events. */
  @ParameterizedTest
  @ValueSource(strings = {"HR,SBP,RR,SpO2", "HR,SpO2"})
  void shareOfBadRowsIsThatOfAllRowsRead(String channels) throws IOException {
    ward();
    write(
        "long.csv",
        rows(
            "patient,stay,charted,item,value,unit",
            0,
            STAYS,
            (i, h) ->
                (h == 0 ? "HR,80,bpm" : h % 2 == 0 ? "SBP,120,mmHg" : "RR,18,")
                    + (i == 0 && h == 1 ? ",too,many" : "")));

    tables("  long: {files: long.csv, " + LONG, "--channels=" + channels);

    assertThat(output(), matchesPattern("(?s).*rows read +312.*dead letters +1 +0.32 %.*"));
  }

  @Test
  void theUnitConceptOfOmopDecides() throws IOException {
    omop(
        (i, h) ->
            switch (i) {
              case 4 -> "3020891,98.6,9289,Deg F (oral)";
              case 5 -> "3024929,250,9444,";
              case 6 -> "3020891,37.5,586323,Deg F (wrong)";
              case 7 -> "3020891,98.6,0,Deg F";
              default -> "3020891,37,586323,Cel";
            },
        i -> i % 3 == 0 ? "4216643" : "8536");

    Cohort cohort =
        ingest("--source=omop", "--task=hospital_mortality", "--channels=HR,Temp,Platelets");

    assertThat(value(cohort, "104", "Temp", 0), closeTo(37.0, 1e-5));
    assertThat(value(cohort, "105", "Platelets", 0), is(250.0));
    assertThat(value(cohort, "106", "Temp", 0), is(37.5));
    assertThat(value(cohort, "107", "Temp", 0), closeTo(37.0, 1e-5));
  }

  @Test
  void nullIsNotAPlaceOfDischarge() throws IOException {
    omop(
        (i, h) -> "3020891,37,586323,Cel",
        i -> i % 3 == 0 ? "8536" : i % 3 == 1 ? "NULL" : "4216643");

    Cohort cohort = ingest("--source=omop", "--task=hospital_mortality", "--channels=HR,Temp");

    assertThat(find(cohort, "100").label(), is(0));
    assertThat(find(cohort, "101"), is(nullValue()));
    assertThat(find(cohort, "102").label(), is(1));
  }

  @Test
  void shardsAreOneTableAndAMissingShardIsReported() throws IOException {
    omop((i, h) -> "3020891,37,586323,Cel", i -> i % 3 == 0 ? "4216643" : "8536");
    List<String> lines = Files.readAllLines(directory.resolve("measurement.csv"));
    Files.delete(directory.resolve("measurement.csv"));
    for (int shard = 0; shard < 3; shard++) {
      List<String> part = new ArrayList<>(List.of(lines.get(0)));
      for (int i = 1 + shard; i < lines.size(); i += 3) {
        part.add(lines.get(i));
      }
      Files.write(directory.resolve("measurement-00000000000" + shard + ".csv"), part);
    }

    Cohort cohort = ingest("--source=omop", "--task=hospital_mortality", "--channels=HR,Temp");
    assertThat(value(cohort, "107", "HR", 5), is(80.0));

    Files.delete(directory.resolve("measurement-000000000001.csv"));
    assertThat(
        run("again", List.of("--source=omop", "--input=" + directory, "--channels=HR,Temp")),
        is(1));
    assertThat(
        error(), containsString("input must have all shards of table measurement, lacks number 1"));
  }

  @Test
  void textOptionsNeedATextSource() {
    assertThat(
        run(
            "out",
            List.of("--source=fhir", "--input=" + directory, "--decimal=,", "--nullWords=x")),
        is(2));
    assertThat(
        error(),
        allOf(
            containsString("--decimal must not be set if --source is fhir"),
            containsString("--nullWords must not be set if --source is fhir")));
    err.reset();
    assertThat(
        run(
            "out",
            List.of(
                "--source=eicu",
                "--input=" + directory,
                "--timeFormat=iso",
                "--delimiter=ab",
                "--charset=latin",
                "--droppedWarning=2")),
        is(2));
    assertThat(
        error(),
        allOf(
            containsString("--timeFormat must not be set if --source is eicu"),
            containsString("--delimiter must be one character or tab, was ab"),
            containsString("--charset must be a character set such as UTF-8"),
            containsString("--droppedWarning must be from 0 to 1, was 2.0")));
  }

  /** Writes hourly heart rates and the measurements of a test for 24 visits. */
  private void omop(Cell measurement, IntFunction<String> discharge) throws IOException {
    StringBuilder persons =
        new StringBuilder("person_id,gender_concept_id,year_of_birth,birth_datetime\n");
    StringBuilder visits =
        new StringBuilder(
            "visit_occurrence_id,person_id,visit_concept_id,visit_start_date,visit_start_datetime,"
                + "visit_end_date,visit_end_datetime,discharged_to_concept_id\n");
    StringBuilder measurements =
        new StringBuilder(
            "measurement_id,person_id,measurement_date,measurement_datetime,"
                + "measurement_concept_id,value_as_number,unit_concept_id,unit_source_value\n");
    int id = 0;
    for (int i = 0; i < STAYS; i++) {
      persons.append(String.format("%d,8507,2110,\\N%n", 100 + i));
      visits.append(
          String.format(
              "%d,%d,9201,2150-01-01,2150-01-01 08:00:00,2150-01-04,2150-01-04 08:00:00,%s%n",
              5000 + i, 100 + i, discharge.apply(i)));
      for (int h = 0; h < HOURS; h++) {
        measurements.append(
            String.format("%d,%d,2150-01-01,%s,3027018,80,8541,x%n", id++, 100 + i, time(h)));
        measurements.append(
            String.format(
                "%d,%d,2150-01-01,%s,%s%n", id++, 100 + i, time(h), measurement.of(i, h)));
      }
    }
    write("person.csv", persons.toString());
    write("visit_occurrence.csv", visits.toString());
    write("measurement.csv", measurements.toString());
  }

  private void renumber(String name) throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line : Files.readAllLines(directory.resolve(name))) {
      String[] fields = line.split(",", 3);
      text.append(
          fields[0].startsWith("#")
              ? (1000 + Integer.parseInt(fields[0].substring(1)))
                  + ","
                  + (2000 + Integer.parseInt(fields[1].substring(1)))
                  + ","
                  + fields[2]
              : line);
      text.append('\n');
    }
    write(name, text.toString());
  }

  private static String temperatures() {
    return rows(
        "patient;stay;charted;item;value;unit",
        0,
        STAYS,
        (i, h) -> "Temp;" + (h % 2 == 0 ? "38" : "36,5") + ";\u00B0C");
  }

  private interface Cell {
    String of(int stay, int hour);
  }

  private static String stays(IntFunction<String> subject, IntFunction<String> stay) {
    StringBuilder rows = new StringBuilder("patient,stay,admitted,left,outcome\n");
    for (int i = 0; i < STAYS; i++) {
      rows.append(
          String.format(
              "%s,%s,2150-01-01 08:00:00,2150-01-04 08:00:00,%s%n",
              subject.apply(i), stay.apply(i), i % 3 == 0 ? "dead" : "alive"));
    }
    return rows.toString();
  }

  /** Returns a row per hour for some stays, with the delimiter of the header. */
  private static String rows(String header, int from, int to, Cell cell) {
    String delimiter = header.contains(";") ? ";" : ",";
    StringBuilder rows = new StringBuilder(header).append('\n');
    for (int i = from; i < to; i++) {
      for (int h = 0; h < HOURS; h++) {
        rows.append(String.join(delimiter, "p" + i, "s" + i, time(h), cell.of(i, h)) + "\n");
      }
    }
    return rows.toString();
  }

  private static String time(int hour) {
    return String.format("2150-01-01 %02d:06:00", 8 + hour);
  }

  private void write(String name, String text) throws IOException {
    write(name, text, StandardCharsets.UTF_8);
  }

  private void write(String name, String text, Charset charset) throws IOException {
    Files.write(directory.resolve(name), text.getBytes(charset));
  }

  private static byte[] gzip(String text) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream stream = new GZIPOutputStream(packed)) {
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    }
    return packed.toByteArray();
  }

  private Cohort tables(String more, String... arguments) throws IOException {
    return ingest(withMapping(more, arguments));
  }

  private Cohort ingest(String... arguments) throws IOException {
    return ingest(new ArrayList<>(List.of(arguments)));
  }

  private Cohort ingest(List<String> arguments) throws IOException {
    List<String> all = new ArrayList<>(arguments);
    all.add("--input=" + directory);
    all.add("--stratified=true");
    String output = "out" + System.nanoTime();
    assertThat(run(output, all) + error(), is("0"));
    return Cohort.open(directory.resolve(output + "/cohort").toString());
  }

  /** Returns why a run failed. */
  private String failure(String more, String... arguments) throws IOException {
    List<String> all = withMapping(more, arguments);
    all.add("--input=" + directory);
    all.add("--stratified=true");
    err.reset();
    assertThat(run("failed" + System.nanoTime(), all), is(not(0)));
    return error();
  }

  /** Returns why a mapping was rejected. */
  private String refusal(String more) throws IOException {
    return failure(more, "--channels=HR,SpO2");
  }

  private List<String> withMapping(String more, String... arguments) throws IOException {
    write("mapping.yaml", "tables:\n" + STAYS_TABLE + GOOD + more);
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--source=tables");
    all.add("--mapping=" + directory.resolve("mapping.yaml"));
    return all;
  }

  private int run(String output, List<String> arguments) {
    List<String> all = new ArrayList<>(List.of("ingest"));
    all.addAll(arguments);
    all.add("--windowShards=1");
    all.add("--output=" + directory.resolve(output));
    return Commands.run(out, err, all);
  }

  private String output() {
    return out.toString(StandardCharsets.UTF_8);
  }

  private String error() {
    return err.toString(StandardCharsets.UTF_8);
  }

  private static @Nullable EhrWindow find(Cohort cohort, String name) {
    for (Split split : Split.values()) {
      for (EhrWindow window : cohort.readAll(split)) {
        if (window.windowId().endsWith("/" + name)
            || window.windowId().equals(name)
            || window.subjectId().equals(name)) {
          return window;
        }
      }
    }
    return null;
  }

  /** Returns an observed value, or null. */
  private static @Nullable Double value(Cohort cohort, String name, String channel, int hour) {
    List<String> channels = cohort.spec().channels().stream().map(c -> c.name()).toList();
    EhrWindow window = find(cohort, name);
    int at = hour * channels.size() + channels.indexOf(channel);
    return window.mask()[at] ? (Double) (double) window.values()[at] : null;
  }
}
