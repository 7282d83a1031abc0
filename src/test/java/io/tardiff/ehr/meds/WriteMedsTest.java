package io.tardiff.ehr.meds;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsInAnyOrder;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.files.parquet.ParquetRows;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriteMedsTest {
  private static final Instant TIME = Instant.parse("2180-07-23T14:00:00.123Z");
  private static final Instant LATER = Instant.parse("2180-07-25T14:00:00Z");

  /** In Python: int.from_bytes(sha256(b"patient-7").digest()[:8], "little") & (2 ** 63 - 1). */
  private static final long PATIENT_7 = 9173204093240784734L;

  @TempDir Path directory;

  @Test
  void eventsSurviveARoundTrip() throws Exception {
    List<EhrEvent> events = new ArrayList<>();
    for (String subject : List.of("7", "-8", "9223372036854775807")) {
      events.add(event(subject, null, "GENDER//M", null));
      events.add(event(subject, TIME, "HR", 36.6).toBuilder().setUnit("bpm").build());
      events.add(event(subject, TIME, "HR", 36.6).toBuilder().setUnit("bpm").build());
      events.add(event(subject, LATER, "HR", null).toBuilder().setTextValue("high ²").build());
      events.add(
          event(subject, LATER, EhrEvent.ADMISSION, null).toBuilder().setStayId("3").build());
      events.add(event(subject, null, EhrEvent.HOSPITAL_DEATH, 1.0));
      events.add(event(subject, LATER, EhrEvent.LABEL, 1.0));
      events.add(split(subject, subject.equals("7") ? "tuning" : "train"));
      // A stay with details, and the events that reading derives from them.
      events.add(event(subject, TIME, "ICU_ADMISSION//MICU", null));
      events.add(event(subject, TIME, EhrEvent.ADMISSION, null));
      events.add(event(subject, LATER, "HOSPITAL_DISCHARGE//DIED", null));
      events.add(event(subject, LATER, EhrEvent.HOSPITAL_DISCHARGE, null));
      events.add(event(subject, LATER, EhrEvent.HOSPITAL_DEATH, 1.0));
    }
    write(Meds.write().withTask("mortality"), events);

    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollectionTuple read = pipeline.apply(Meds.read().from(directory.toString()));
    PAssert.that(read.get(EhrTags.events())).containsInAnyOrder(events);
    PAssert.that(read.get(EhrTags.deadLetters())).empty();
    pipeline.run().waitUntilFinish();
  }

  @Test
  void subjectsAreContiguousAndSorted() throws Exception {
    List<EhrEvent> events = new ArrayList<>();
    for (int subject = 0; subject < 40; subject++) {
      events.add(event("" + subject, LATER, "HR", 1.0));
      events.add(event("" + subject, TIME, "HR", 2.0));
      events.add(event("" + subject, null, "Age", 3.0));
    }
    write(Meds.write().withShardEvents(30), events);

    Map<Long, String> shards = new HashMap<>();
    for (Path file : files("data")) {
      long last = Long.MIN_VALUE;
      List<Double> values = new ArrayList<>();
      for (List<Object> row : rows(file, "subject_id", "numeric_value")) {
        long subject = (Long) row.get(0);
        if (subject != last) {
          assertThat("contiguous and ascending", subject, is(greaterThan(last)));
          assertThat("one shard", shards.put(subject, file.toString()), is((String) null));
          last = subject;
        }
        values.add((Double) row.get(1));
      }
      for (int i = 0; i < values.size(); i += 3) {
        assertThat("facts, then by time", values.subList(i, i + 3), contains(3.0, 2.0, 1.0));
      }
    }
    assertThat(shards.size(), is(40));
    assertThat("several shards", files("data").size(), is(greaterThan(1)));
    assertThat(
        rows(directory.resolve("metadata/subject_splits.parquet"), "split").stream()
            .distinct()
            .toList(),
        contains(List.of((Object) "train")));
  }

  @Test
  void theSameEventsGiveTheSameBytes() throws Exception {
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      events.add(
          event(
              "" + i % 20,
              i % 3 == 0 ? null : TIME.plus(Duration.millis(i % 7)),
              "C" + i % 5,
              i / 10.0));
    }
    Path first = directory.resolve("first");
    Path second = directory.resolve("second");
    run(Meds.write().withShardEvents(100).to(first.toString()), events);
    Collections.shuffle(events, new Random(1));
    run(Meds.write().withShardEvents(100).to(second.toString()), events);

    Map<String, Integer> one = hashes(first);
    assertThat(one.size(), is(greaterThan(4)));
    assertThat(hashes(second), is(one));
  }

  @Test
  void metadata() throws Exception {
    write(
        Meds.write().withName("Synthetic \"ICU\"").withVersion("2.1").withTask("t"),
        List.of(
            event("7", TIME, "b", 1.0),
            event("7", TIME, "a", 1.0),
            event("7", TIME, EhrEvent.LABEL, 0.0),
            split("7", "held_out")));

    JsonNode dataset =
        new ObjectMapper().readTree(directory.resolve("metadata/dataset.json").toFile());
    assertThat(dataset.get("dataset_name").asText(), is("Synthetic \"ICU\""));
    assertThat(dataset.get("dataset_version").asText(), is("2.1"));
    assertThat(dataset.get("meds_version").asText(), startsWith("0.4"));
    assertThat(
        "codes of the data, and no label or split",
        rows(directory.resolve("metadata/codes.parquet"), "code"),
        contains(List.of((Object) "a"), List.of((Object) "b")));
    assertThat(
        files("."),
        containsInAnyOrder(
            Stream.of(
                    "data/held_out/0.parquet",
                    "labels/t/held_out/0.parquet",
                    "metadata/codes.parquet",
                    "metadata/subject_splits.parquet",
                    "metadata/dataset.json")
                .map(directory::resolve)
                .toArray(Path[]::new)));
    try (ParquetRows labels =
        ParquetRows.open(directory.resolve("labels/t/held_out/0.parquet").toString())) {
      assertThat(labels.columns(), contains("subject_id", "prediction_time", "boolean_value"));
    }
  }

  @Test
  void nonIntegerSubjectsAreHashed() {
    assertThat(SubjectIds.of("42"), is(42L));
    assertThat(SubjectIds.of("-42"), is(-42L));
    for (String subject : List.of("007", "+7", " 7", "patient-7", "9223372036854775808", "")) {
      long id = SubjectIds.of(subject);
      assertThat(id, is(greaterThan(1_000_000L)));
      assertThat(id, is(SubjectIds.of(subject)));
    }
    assertThat(SubjectIds.of("007"), is(not(SubjectIds.of("07"))));
    // Must never change: existing files depend on it.
    assertThat(SubjectIds.of("patient-7"), is(PATIENT_7));
  }

  @Test
  void hashCollisionsFailTheRun() {
    String hash = Long.toString(SubjectIds.of("patient-7"));
    for (String split : List.of("train", "tuning")) {
      Exception failed =
          assertThrows(
              Pipeline.PipelineExecutionException.class,
              () ->
                  run(
                      Meds.write().to(leftBehind()),
                      List.of(
                          event("patient-7", TIME, "HR", 1.0),
                          event(hash, TIME, "HR", 1.0),
                          split(hash, split))));
      assertThat(failed.getMessage(), containsString("two subjects have the same hash"));
    }
  }

  @Test
  void moreThanTwoClassesAreIntegers() throws Exception {
    List<EhrEvent> events = List.of(event("7", TIME, EhrEvent.LABEL, 2.0));
    assertThat(
        assertThrows(
                Pipeline.PipelineExecutionException.class,
                () -> run(Meds.write().withTask("t").to(leftBehind()), events))
            .getMessage(),
        containsString("labels must be 0 or 1"));
    Path other = directory.resolve("other");
    run(Meds.write().withTask("t").withIntegerLabels().to(other.toString()), events);

    assertThat(
        rows(other.resolve("labels/t/train/0.parquet"), "integer_value"),
        contains(List.of((Object) 2L)));
  }

  @Test
  void labelsWithoutATimeOrATaskStayInTheData() throws Exception {
    List<EhrEvent> events =
        List.of(event("7", null, EhrEvent.LABEL, 1.0), event("7", TIME, EhrEvent.LABEL, 0.0));
    write(Meds.write(), events);

    assertThat(
        rows(directory.resolve("data/train/0.parquet"), "code", "numeric_value"),
        contains(List.of((Object) "LABEL", 1.0), List.of((Object) "LABEL", 0.0)));
    assertThat(
        rows(directory.resolve("metadata/codes.parquet"), "code"),
        contains(List.of((Object) "LABEL")));
  }

  @Test
  void invalidSplitsFailTheRunWithoutAnId() {
    for (List<EhrEvent> splits :
        List.of(
            List.of(split("7654321", "test")),
            List.of(split("7654321", "train"), split("7654321", "tuning")))) {
      String message =
          assertThrows(
                  Pipeline.PipelineExecutionException.class,
                  () -> run(Meds.write().to(leftBehind()), splits))
              .getMessage();
      assertThat(message, containsString("must have one split: train, tuning or held_out"));
      assertThat(message, not(containsString("7654321")));
    }
  }

  @Test
  void invalidSettingsAreRejected() throws Exception {
    assertThrows(IllegalArgumentException.class, () -> Meds.write().to(""));
    assertThrows(IllegalArgumentException.class, () -> Meds.write().withTask("../x"));
    assertThrows(IllegalArgumentException.class, () -> Meds.write().withTask(""));
    assertThrows(IllegalArgumentException.class, () -> Meds.write().withShardEvents(0));
    assertThrows(IllegalArgumentException.class, () -> Meds.write().withName(""));
    Files.createDirectories(directory.resolve("data/train"));
    Files.createFile(directory.resolve("data/train/5.parquet"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> write(Meds.write(), List.of(event("7", TIME, "HR", 1.0))))
            .getMessage(),
        startsWith("output must be a directory without MEDS data, was "));
  }

  /**
   * Returns a directory that is not deleted, because after a failed run, other threads of the
   * direct runner may still be writing.
   */
  private static String leftBehind() {
    return Path.of("target", "failed-runs", UUID.randomUUID().toString()).toString();
  }

  private void write(WriteMeds write, List<EhrEvent> events) {
    run(write.to(directory.toString()), events);
  }

  private static void run(WriteMeds write, List<EhrEvent> events) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(Create.of(events)).apply(write);
    pipeline.run().waitUntilFinish();
  }

  private List<Path> files(String under) throws IOException {
    return filesIn(directory.resolve(under).normalize());
  }

  private static List<Path> filesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static Map<String, Integer> hashes(Path root) throws IOException {
    Map<String, Integer> hashes = new TreeMap<>();
    for (Path file : filesIn(root)) {
      hashes.put(root.relativize(file).toString(), Arrays.hashCode(Files.readAllBytes(file)));
    }
    return hashes;
  }

  private static List<List<Object>> rows(Path file, String... columns) throws IOException {
    List<List<Object>> all = new ArrayList<>();
    try (ParquetRows rows = ParquetRows.open(file.toString())) {
      for (int i = 0; i < rows.rowGroups(); i++) {
        ParquetRows.Group group = rows.read(i, List.of(columns));
        while (group.next()) {
          List<Object> row = new ArrayList<>();
          for (String column : columns) {
            row.add(group.value(column));
          }
          all.add(row);
        }
      }
    }
    return all;
  }

  private static EhrEvent split(String subject, String split) {
    return event(subject, null, EhrEvent.SPLIT, null).toBuilder().setTextValue(split).build();
  }

  private static EhrEvent event(
      String subject, @Nullable Instant time, String code, @Nullable Double value) {
    return EhrEvent.builder()
        .setSubjectId(subject)
        .setTime(time)
        .setCode(code)
        .setNumericValue(value)
        .build();
  }
}
