package io.tardiff.ehr.table;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableMappingTest {
  private static final String WIDE = "subject: id, time: t, columns: {HR: HR}";

  @Test
  void sampleMappingIsValid() {
    TableMapping mapping = TableMapping.load("samples/cinc2019.yaml");

    assertThat(mapping.names(), is(Set.of("hours")));
    assertThat(mapping.tables().get(0).columns().size(), is(27));
  }

  @Test
  void allProblemsAreReportedWithValidValues() {
    String yaml =
        String.join(
            "\n",
            "tables:",
            "  vitals:",
            "    files: [/etc/passwd, ../up.csv]",
            "    format: xls",
            "    delimiter: ab",
            "    missing: NaN",
            "    subject: {file: 'p\\d+'}",
            "    time: {column: t, as: weeks, shift: many}",
            "    columns: {HR: {code: HR, units: bpm}, Died: HOSPITAL_DEATH, Temp: }",
            "    statics: {sex: {code: Gender, values: {F: female}}}",
            "    split: {column: fold, values: {test: held-out}}",
            "    labels: y",
            "  labs: nothing",
            "version: 2");

    assertThat(
        problems(yaml),
        containsInAnyOrder(
            "version is unknown, must be one of tables",
            "tables.vitals.labels is unknown, must be one of files, format, delimiter, decimal,"
                + " time_format, charset, missing,"
                + " subject, stay, time, code, value, unit, columns, statics, admission, discharge,"
                + " hospital_admission, hospital_discharge, birth, death, hospital_death, label,"
                + " split",
            "tables.vitals.files must be relative, without leading /, .. or :,"
                + " was /etc/passwd",
            "tables.vitals.files must be relative, without leading /, .. or :," + " was ../up.csv",
            "tables.vitals.format must be one of csv, avro, parquet, was xls",
            "tables.vitals.delimiter must be one character other than a quote or backslash, such as \",\", \"|\""
                + " or \"\\t\", was ab",
            "tables.vitals.missing must be a list of texts that mark missing values, was NaN",
            "tables.vitals.subject.file must be a regular expression with one group, the id,"
                + " was p\\d+",
            "tables.vitals.time.as must be one of iso, epoch_millis, epoch_seconds, seconds,"
                + " minutes, hours, days, was weeks",
            "tables.vitals.time.shift must be a number, was many",
            "tables.vitals.columns.HR.units is unknown, must be one of code, unit, values",
            "tables.vitals.columns.Died must be a code that is not reserved (reserved codes have"
                + " their own fields), was HOSPITAL_DEATH",
            "tables.vitals.columns.Temp must be a code, was empty",
            "tables.vitals.statics.sex.values.F must be a number, was female",
            "tables.vitals.split.values.test must be one of train, tuning, held_out, was held-out",
            "tables.labs must be a map with the fields files, format, delimiter, decimal,"
                + " time_format, charset, missing, subject,"
                + " stay, time, code, value, unit, columns, statics, admission, discharge,"
                + " hospital_admission, hospital_discharge, birth, death, hospital_death, label,"
                + " split, was nothing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{time: t, columns: {HR: HR}}; tables.a.subject must be",
        "{subject: id, columns: {HR: HR}}; tables.a.time must be set",
        "{subject: id}; tables.a must define what its rows contain",
        "{subject: id, time: t, code: c}; tables.a.value must be the name of a column, was missing",
        "{subject: id, time: t, code: c, value: v, columns: {HR: HR}}; was both",
        "{subject: id, time: t, unit: u, columns: {HR: HR}}; tables.a.unit needs code and value",
        "{subject: id, time: {row: 1, as: hours}, columns: {HR: HR}}; tables.a.time.row needs",
        "{subject: {file: '(x)'}, files: f, time: {row: 0, as: hours}, columns: {H: H}}; above 0",
        "{subject: {file: '(x)'}, files: f, time: {row: 1}, columns: {H: H}}; one of seconds",
        "{subject: {file: '(x)'}, files: f, time: {row: 1, as: iso}, columns: {H: H}}; seconds",
        "{subject: {file: '(x)'}, time: t, columns: {H: H}}; tables.a.files must be set",
        "{subject: {file: '(x)'}, files: f, format: avro, statics: {H: H}}; must be csv with",
        "{subject: {file: '(x'}, files: f, statics: {H: H}}; one group",
        "{subject: {file: '(x)', column: c}, files: f, statics: {H: H}}; either column or file",
        "{subject: id, stay: {file: '(x)'}, statics: {H: H}}; tables.a.stay.file needs",
        "{subject: id, time: t, admission: start, columns: {H: H}}; tables.a.admission may be",
        "{subject: id, discharge: {after_last: 1, as: hours}}; tables.a.discharge.after_last needs",
        "{subject: id, time: {column: t, as: iso, shift: 1}, columns: {H: H}}; only valid for numbers",
        "{subject: id, missing: [NULL], statics: {H: H}}; in quotes where YAML",
        "{subject: id, missing: [9.90], statics: {H: H}}; in quotes where YAML",
        "{subject: id, format: avro, delimiter: ',', statics: {H: H}}; is only valid for csv"
      })
  void inconsistentFieldsAreRejected(String table, String problem) {
    assertThat(problems("tables: {a: " + table + "}").toString(), containsString(problem));
  }

  @Test
  void invalidYamlIsRejected() {
    assertThat(refusal("tables: [1"), startsWith("mapping must be YAML, was map.yaml (line"));
    assertThat(refusal(""), containsString("tables must be a map with at least one table"));
    assertThat(
        refusal("tables: {}"), containsString("tables must be a map with at least one table"));
    assertThat(
        refusal("tables: {a: {" + WIDE + "}, a: {" + WIDE + "}}"), containsString("uplicate"));
  }

  @Test
  void missingFileIsRejected() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> TableMapping.load("/no/such.yaml"))
            .getMessage(),
        is("mapping must be a file, but there is no /no/such.yaml"));
  }

  @Test
  void parserNeedsASubjectColumn() {
    TableMapping mapping =
        TableMapping.parse(
            "map.yaml",
            "tables: {a: {" + WIDE + "}, b: {subject: {file: '(x)'}, files: f, statics: {H: H}}}");

    assertThat(mapping.parser("a").columnsOfAnyFile(), is(List.of("HR")));
    assertThat(mapping.parser("a").requiredColumns(), is(List.of("id", "t")));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> mapping.parser("b")).getMessage(),
        is("table must have a subject column, was b: its file names are the subjects"));
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> mapping.parser("c")).getMessage(),
        is("table must be one of a, b, was c"));
  }

  private static String refusal(String yaml) {
    return assertThrows(IllegalArgumentException.class, () -> TableMapping.parse("map.yaml", yaml))
        .getMessage();
  }

  private static List<String> problems(String yaml) {
    String[] lines = refusal(yaml).split("\n  ");
    assertThat(lines[0], is("mapping map.yaml has errors:"));
    return Arrays.asList(lines).subList(1, lines.length);
  }
}
