package io.tardiff.ehr.physionet2012;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PhysioNet2012Test {
  private static final String HEADER =
      "RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death";
  private static final EhrEvent ADMISSION =
      EhrEvent.builder()
          .setSubjectId("7")
          .setStayId("7")
          .setTime(Instant.EPOCH)
          .setCode(EhrEvent.ADMISSION)
          .build();

  @TempDir Path directory;

  @BeforeEach
  void outcome() throws Exception {
    write("Outcomes-a.txt", HEADER, "7,6,1,5,-1,1", "");
  }

  @Test
  void rowsBecomeEvents() throws Exception {
    record("00:00,Age,54", "00:07,HR,73", "48:00,HR,75", "");

    expect(
        new EhrEvent[] {
          ADMISSION, death(1), event(null, "Age", 54), event(7, "HR", 73), event(2880, "HR", 75)
        });
  }

  @Test
  void minusOneIsAnUnknownDescriptor() throws Exception {
    record("00:00,Age,54", "00:00,Gender,-1", "00:00,Height,-1", "00:00,Weight,-1", "");

    expect(new EhrEvent[] {ADMISSION, death(1), event(null, "Age", 54)});
  }

  @Test
  void oddValuesAreLeftToTheCohort() throws Exception {
    record("00:10,pH,735", "00:10,Temp,-17.8", "00:10,HR,0", "00:10,HR,0", "");

    expect(
        new EhrEvent[] {
          ADMISSION,
          death(1),
          event(10, "pH", 735),
          event(10, "Temp", -17.8),
          event(10, "HR", 0),
          event(10, "HR", 0)
        });
  }

  @Test
  void weightIsAFactAtAdmissionAndASeriesLater() throws Exception {
    record("00:00,Weight,80", "10:00,Weight,81.5", "");

    expect(
        new EhrEvent[] {
          ADMISSION, death(1), event(null, "Weight", 80), event(600, "Weight", 81.5)
        });
  }

  @Test
  void badRowsAreDeadLettersAndTheRestIsRead() throws Exception {
    record(
        "00:07,HR,73",
        "00:08,HR",
        "8,HR,73",
        "00:99,HR,73",
        "00:09,HR,fast",
        "00:09,HR,Infinity",
        "00:09,,7",
        "");

    expect(
        new EhrEvent[] {ADMISSION, death(1), event(7, "HR", 73)},
        bad("row does not have three fields"),
        bad("time is not HH:MM"),
        bad("time is not HH:MM"),
        bad("value is not a number"),
        bad("value is not finite"),
        bad("parameter is empty"));
  }

  @Test
  void truncatedFileLosesOnlyItsLastRow() throws Exception {
    // The value may have been longer, such as 731.
    record("00:07,HR,73", "00:08,HR,73");

    expect(
        new EhrEvent[] {ADMISSION, death(1), event(7, "HR", 73)},
        bad("file is truncated: its last line is incomplete"));
  }

  @Test
  void emptyFileIsADeadLetter() throws Exception {
    write("set-a/7.txt", "");

    expect(new EhrEvent[] {death(1)}, bad("file is empty"));
  }

  @Test
  void foreignFileIsADeadLetter() throws Exception {
    write("set-a/7.txt", "patient;time;value", "");
    write("set-a/8.txt", ParseRecordFn.HEADER, "00:00,Age,54", "");

    expect(
        new EhrEvent[] {death(1)},
        bad("file does not begin with " + ParseRecordFn.HEADER),
        bad("second line is not a RecordID"));
  }

  @Test
  void badOutcomesAreDeadLettersWithTheirLine() throws Exception {
    record("");
    write("Outcomes-b.txt", HEADER, "8,6,1,5,-1,", "9,6,1", "");

    expect(
        new EhrEvent[] {ADMISSION, death(1)},
        DeadLetter.of("Outcomes-b.txt", 2L, "In-hospital_death is not 0 or 1"),
        DeadLetter.of(
            "Outcomes-b.txt", 3L, "row has a different number of fields than the header"));
  }

  @Test
  void filesMayLieInTheDirectoryItself() throws Exception {
    write("7.txt", ParseRecordFn.HEADER, "00:00,RecordID,7", "00:07,HR,73", "");

    expect(new EhrEvent[] {ADMISSION, death(1), event(7, "HR", 73)});
  }

  @Test
  void missingDirectoryFailsWhenThePipelineIsBuilt() {
    String missing = directory.resolve("nowhere").toString();

    assertThat(
        refusal(missing),
        allOf(containsString("input must be a directory"), containsString(missing)));
  }

  @Test
  void missingOutcomesFailWhenThePipelineIsBuilt() throws Exception {
    record("");
    Files.delete(directory.resolve("Outcomes-a.txt"));

    assertThat(refusal(directory.toString()), containsString("no outcome file (Outcomes*.txt)"));
  }

  @Test
  void emptyInputIsRefused() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> PhysioNet2012.read().from(""))
            .getMessage(),
        is("input must name a directory, was empty"));
  }

  private void expect(EhrEvent[] events, DeadLetter... deadLetters) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).containsInAnyOrder(deadLetters);
    pipeline.run().waitUntilFinish();
  }

  private static String refusal(String input) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    return assertThrows(
            IllegalArgumentException.class, () -> pipeline.apply(PhysioNet2012.read().from(input)))
        .getMessage();
  }

  private void record(String... rows) throws Exception {
    String[] lines = new String[rows.length + 2];
    lines[0] = ParseRecordFn.HEADER;
    lines[1] = "00:00,RecordID,7";
    System.arraycopy(rows, 0, lines, 2, rows.length);
    write("set-a/7.txt", lines);
  }

  /** Joins lines with line feeds; an empty last line terminates the one before. */
  private void write(String name, String... lines) throws Exception {
    Path file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, String.join("\n", lines));
  }

  private static DeadLetter bad(String reason) {
    return DeadLetter.of(ParseRecordFn.SOURCE, null, reason);
  }

  private static EhrEvent death(int value) {
    return event(null, EhrEvent.HOSPITAL_DEATH, value);
  }

  private static EhrEvent event(@Nullable Integer minute, String code, double value) {
    return EhrEvent.builder()
        .setSubjectId("7")
        .setStayId("7")
        .setTime(minute == null ? null : Instant.ofEpochSecond(minute * 60L))
        .setCode(code)
        .setNumericValue(value)
        .build();
  }
}
