package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.base.Throwables;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.DamagedFileException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.schemas.SchemaRegistry;
import org.apache.beam.sdk.testing.PAssert;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.util.CoderUtils;
import org.apache.beam.sdk.values.PCollection;
import org.joda.time.Duration;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildCohortTest {
  private static final CohortConfig CONFIG =
      CohortConfig.defaults()
          .withWindowSteps(3)
          .withChannels(List.of("HR", "Urine"))
          .withNumShards(2);

  @TempDir Path directory;

  @Test
  void gapsAreFilledForwardThenWithTheTrainMedian() {
    List<EhrEvent> events = new ArrayList<>();
    // Every stay has HR 60, 80 or 100 in its second step and nothing before.
    for (int i = 0; i < 60; i++) {
      events.addAll(stay("s" + i, i % 2, at("s" + i, 70, "HR", 60 + 20 * (i % 3))));
      events.add(at("s" + i, 10, "Urine", 50));
    }
    Cohort cohort = build(events, CONFIG);

    double[] observed =
        cohort.readAll(Split.TRAIN).stream().mapToDouble(w -> w.values()[2]).sorted().toArray();
    double median = observed[(observed.length - 1) / 2];
    for (Split split : Split.values()) {
      for (EhrWindow window : cohort.readAll(split)) {
        int number = Integer.parseInt(window.windowId().substring(1));
        float hr = 60 + 20 * (number % 3);
        assertThat((double) window.values()[0], closeTo(median, 1e-3 * median));
        assertThat(window.values()[2], is(hr));
        assertThat(window.values()[4], is(hr));
        assertThat(window.values()[5], is(50f));
        assertThat(window.mask(), is(new boolean[] {false, true, true, false, false, false}));
        assertThat(window.label(), is(number % 2));
        assertThat(window.split(), is(split));
      }
    }
  }

  @Test
  void normaliserIsFittedOnTrainOnly() {
    List<EhrEvent> events = stays(200);
    Cohort cohort = build(events, CONFIG);

    double sum = 0;
    double squares = 0;
    double min = Double.MAX_VALUE;
    List<EhrWindow> train = cohort.readAll(Split.TRAIN);
    int n = train.size() * 3;
    for (EhrWindow window : train) {
      for (int step = 0; step < 3; step++) {
        double value = window.values()[step * 2];
        sum += value;
        squares += value * value;
        min = Math.min(min, value);
      }
    }
    double sd = Math.sqrt(squares / n - (sum / n) * (sum / n));
    float[] row = {(float) (sum / n), 0, (float) (sum / n + sd), 0};
    cohort.normaliser().normalise(row);
    assertThat((double) row[0], closeTo(0, 1e-5));
    assertThat((double) row[2], closeTo(1, 1e-5));
    assertThat((double) cohort.normaliser().low()[0], closeTo((min - sum / n) / sd, 1e-5));
  }

  @Test
  void stayIsDroppedByTheRuleThatCountsIt() {
    List<EhrEvent> events = stays(100);
    events.addAll(stay("dead-end", 0).subList(0, 1));
    events.add(at("dead-end", 5, "HR", 80)); // no outcome
    events.add(fact("no-admission", EhrEvent.HOSPITAL_DEATH, 1));
    events.addAll(stay("third-class", 2, at("third-class", 5, "HR", 80)));
    events.addAll(stay("descriptors-only", 1));
    events.add(fact("descriptors-only", "Age", 70));
    Cohort cohort = build(events, CONFIG);

    long left = Arrays.stream(Split.values()).mapToLong(cohort::count).sum();
    assertThat(left, is(100L));
    assertThat(
        cohort.attrition(),
        contains(
            new Cohort.Attrition("stays seen", 0, 104, List.of(0L, 0L), List.of(50L, 51L), null),
            new Cohort.Attrition(
                "no admission time", 1, 103, List.of(0L, 0L), List.of(50L, 51L), null),
            new Cohort.Attrition("no outcome", 1, 102, List.of(0L, 0L), List.of(50L, 51L), null),
            new Cohort.Attrition(
                "outcome is not a class of the task",
                1,
                101,
                List.of(0L, 0L),
                List.of(50L, 51L),
                null),
            new Cohort.Attrition(
                "no channel observed in the window",
                1,
                100,
                List.of(0L, 1L),
                List.of(50L, 50L),
                1.0)));
    assertThat(
        cohort.describe(),
        allOf(containsString("no outcome"), containsString("held_out"), containsString("HR")));
  }

  @Test
  void shuffledEventsGiveTheSameFiles(@TempDir Path other) throws Exception {
    List<EhrEvent> events = stays(150);
    Cohort first = build(events, CONFIG);
    Collections.shuffle(events, new Random(5));
    Cohort second = build(events, CONFIG, other);

    assertThat(second.hash(), is(first.hash()));
    assertThat(contents(other), equalTo(contents(directory)));
  }

  @Test
  void hashDependsOnValuesAndNotOnTheNumberOfFiles(@TempDir Path other, @TempDir Path third) {
    List<EhrEvent> events = stays(50);
    String hash = build(events, CONFIG).hash();

    assertThat(build(events, CONFIG.withNumShards(5), other).hash(), is(hash));
    events.add(at("s7", 15, "HR", 81));
    assertThat(build(events, CONFIG, third).hash(), is(not(hash)));
  }

  @Test
  void subjectsNeverStraddleSplits() {
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String subject = "p" + i / 3;
      for (EhrEvent event : stay("x", i % 2, at("x", 5, "HR", 80), at("x", 5, "Urine", 10))) {
        events.add(event.toBuilder().setSubjectId(subject).setStayId("stay" + i).build());
      }
    }
    Cohort cohort = build(events, CONFIG);

    Set<String> seen = new HashSet<>();
    long windows = 0;
    for (Split split : Split.values()) {
      Set<String> subjects = new HashSet<>();
      for (EhrWindow window : cohort.readAll(split)) {
        subjects.add(window.subjectId());
        windows++;
      }
      assertThat(Collections.disjoint(seen, subjects), is(true));
      seen.addAll(subjects);
    }
    assertThat(windows, is(300L));
    assertThat(cohort.readAll(Split.TRAIN).get(0).windowId(), containsString("/stay"));
  }

  @Test
  void unknownStaticsAreNaN() {
    List<EhrEvent> events = stays(30);
    events.add(fact("s3", "Age", 71));
    events.add(fact("s3", "Height", 431.8));
    Cohort cohort = build(events, CONFIG);

    EhrWindow window =
        Stream.of(Split.values())
            .flatMap(split -> cohort.readAll(split).stream())
            .filter(w -> w.windowId().equals("s3"))
            .findFirst()
            .orElseThrow();
    assertThat(window.statics(), is(new float[] {71, Float.NaN, Float.NaN, Float.NaN}));
  }

  @Test
  void windowsCanBeExtractedWithoutACohort() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<EhrWindow> windows =
        pipeline.apply(Create.of(stays(40))).apply(ExtractWindows.of(CONFIG));
    PAssert.that(windows)
        .satisfies(
            all -> {
              Set<String> ids = new HashSet<>();
              all.forEach(window -> ids.add(window.windowId()));
              assertThat(ids.size(), is(40));
              return null;
            });
    pipeline.run().waitUntilFinish();
  }

  @Test
  void oneClassInTrainFails() {
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      events.addAll(stay("s" + i, 0, at("s" + i, 5, "HR", 80), at("s" + i, 5, "Urine", 10)));
    }

    assertThat(
        failure(events, CONFIG),
        containsString("the train split must hold stays of at least 2 classes"));
    assertThat(Files.exists(directory.resolve(Cohort.FILE)), is(false));
  }

  @Test
  void noStayLeftFails() {
    assertThat(
        failure(stay("s1", 1), CONFIG),
        is(
            "no stay is left in the cohort: 1 seen; dropped 1 by: no channel observed in the"
                + " window"));
  }

  @Test
  void channelThatIsNeverObservedFails() {
    CohortConfig config = CONFIG.withChannels(List.of("HR", "Urine", "GCS"));

    assertThat(
        failure(stays(30), config),
        containsString("channel GCS is never observed in the train split"));
  }

  @Test
  void failedSignalLeavesNoCohort() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    PCollection<Long> signal =
        pipeline
            .apply("Signal", Create.of(1L))
            .apply(
                org.apache.beam.sdk.transforms.MapElements.into(
                        org.apache.beam.sdk.values.TypeDescriptors.longs())
                    .via(
                        n -> {
                          throw new IllegalStateException("too many bad rows");
                        }));
    pipeline
        .apply(Create.of(stays(30)))
        .apply(BuildCohort.to(directory.toString()).withConfig(CONFIG).after(signal));

    assertThrows(RuntimeException.class, () -> pipeline.run().waitUntilFinish());
    assertThat(Files.exists(directory.resolve(Cohort.FILE)), is(false));
  }

  @Test
  void directoryWithoutCohortIsNamed() {
    UncheckedIOException e =
        assertThrows(UncheckedIOException.class, () -> Cohort.open(directory.toString()));

    assertThat(
        e.getMessage(),
        allOf(containsString(directory.toString()), containsString("holds no cohort.json")));
  }

  @Test
  void cohortRoundTripsThroughItsRow() throws Exception {
    Cohort cohort = build(stays(30), CONFIG);
    Coder<Cohort> coder = SchemaRegistry.createDefault().getSchemaCoder(Cohort.class);
    Files.delete(directory.resolve(Cohort.FILE));

    Cohort arrived = CoderUtils.clone(coder, cohort);
    assertThat(arrived, is(cohort));
    assertThat(arrived.shards(Split.TRAIN), is(cohort.shards(Split.TRAIN)));
  }

  @Test
  void damagedCohortFileIsNamed() throws Exception {
    build(stays(30), CONFIG);
    Path file = directory.resolve(Cohort.FILE);
    String whole = Files.readString(file);
    String half = whole.substring(0, whole.length() / 2);

    Files.writeString(file, half);
    assertThat(damage(), startsWith(file + " is damaged: it has " + half.length() + " bytes, "));

    // Without a manifest, as of an earlier version.
    Files.delete(directory.resolve("manifest.json"));
    assertThat(damage(), startsWith(file + " is damaged: it is not JSON"));

    Files.writeString(file, whole.replace("\"steps\" : 3", "\"steps\" : \"x\""));
    assertThat(
        damage(), startsWith(file + " is damaged: field steps must be an integer, was \"x\""));
  }

  private String damage() {
    return assertThrows(DamagedFileException.class, () -> Cohort.open(directory.toString()))
        .getMessage();
  }

  /** 300 labelled stays, and 90 subjects with a stay without an outcome. */
  private static List<EhrEvent> withUnlabelled() {
    List<EhrEvent> events = stays(300);
    Random random = new Random(5);
    for (int i = 0; i < 90; i++) {
      String id = "u" + i;
      List<EhrEvent> stay = stay(id, 0, at(id, random.nextInt(180), "HR", 150));
      stay.remove(1);
      events.addAll(stay);
    }
    return events;
  }

  @Test
  void unlabelledWindowsOfTrainSubjectsHaveAPartOfTheirOwn() {
    for (boolean stratified : new boolean[] {false, true}) {
      CohortConfig config = CONFIG.withStratified(stratified);
      Cohort without = build(withUnlabelled(), config, directory.resolve("a" + stratified));
      Cohort with =
          build(
              withUnlabelled(),
              config.withUnlabelled(Unlabelled.TRAIN),
              directory.resolve("b" + stratified));

      for (Split split : Split.values()) {
        assertThat(with.readAll(split), equalTo(without.readAll(split)));
      }
      assertThat(with.attrition(), equalTo(without.attrition()));
      float[] row = {70, 40, 90, 60};
      float[] same = row.clone();
      with.normaliser().normalise(row);
      without.normaliser().normalise(same);
      assertThat(row, is(same));
      assertThat(with.normaliser().high(), is(without.normaliser().high()));
      assertThat(with.scales(), equalTo(without.scales()));
      assertThat(without.unlabelled(), is(0L));
      assertThat(without.unlabelledShards(), is(List.of()));
      assertThat(with.hash(), is(not(without.hash())));
      List<EhrWindow> unlabelled = with.readAll(with.unlabelledShards());
      assertThat((long) unlabelled.size(), is(with.unlabelled()));
      for (EhrWindow window : unlabelled) {
        assertThat(window.label(), is(EhrWindow.UNLABELLED));
        assertThat(window.split(), is(Split.TRAIN));
        assertThat(config.split(window.subjectId()), is(Split.TRAIN));
      }
      assertThat(
          with.unlabelled()
              + with.unlabelledDropped().get("subject in tuning")
              + with.unlabelledDropped().get("subject in held_out"),
          is(90L));
      assertThat(with.describe(), containsString(with.unlabelled() + " windows without a label"));
      with.verify();
    }
  }

  /** A share of the labels of train is used; the rest are windows without a label, or dropped. */
  @Test
  void labelsOfTrainCanBeSetAside() {
    for (boolean stratified : new boolean[] {false, true}) {
      CohortConfig all = CONFIG.withStratified(stratified);
      CohortConfig few = all.withTrainLabels(List.of(0.5));
      Cohort whole =
          build(
              withUnlabelled(),
              all.withUnlabelled(Unlabelled.TRAIN),
              directory.resolve("a" + stratified));
      Cohort dropped = build(withUnlabelled(), few, directory.resolve("b" + stratified));
      Cohort kept =
          build(
              withUnlabelled(),
              few.withUnlabelled(Unlabelled.TRAIN),
              directory.resolve("c" + stratified));
      long size = whole.count(Split.TRAIN);
      List<String> used = ids(dropped);
      assertThat((double) used.size() / size, closeTo(0.5, 0.12));
      // What is used is the same whatever becomes of the rest.
      assertThat(kept.readAll(Split.TRAIN), equalTo(dropped.readAll(Split.TRAIN)));
      assertThat(ids(whole).containsAll(used), is(true));
      for (Split split : List.of(Split.TUNING, Split.HELD_OUT)) {
        assertThat(dropped.count(split), is(whole.count(split)));
      }
      // The stays of train without an outcome, and those that were set aside.
      assertThat(kept.unlabelled(), is(whole.unlabelled() + size - used.size()));
      Cohort.Attrition row = dropped.attrition().get(dropped.attrition().size() - 1);
      assertThat(row.rule(), is("label of train set aside"));
      assertThat(row.dropped(), is(size - used.size()));
      kept.verify();
    }
  }

  /** Only the class that is named loses labels, and nobody is warned of what was asked for. */
  @Test
  void aClassMayHaveAShareOfItsOwn() {
    Cohort whole = build(withUnlabelled(), CONFIG, directory.resolve("a"));
    Cohort fewer =
        build(withUnlabelled(), CONFIG.withTrainLabels(List.of(1.0, 0.25)), directory.resolve("b"));
    long[] before = whole.labelCounts(Split.TRAIN);
    long[] after = fewer.labelCounts(Split.TRAIN);
    assertThat(after[0], is(before[0]));
    assertThat((double) after[1] / before[1], closeTo(0.25, 0.15));
    assertThat(fewer.warnings(), is(whole.warnings()));
    // A larger share uses all labels of a smaller one.
    Cohort more =
        build(withUnlabelled(), CONFIG.withTrainLabels(List.of(1.0, 0.5)), directory.resolve("c"));
    assertThat(ids(more).containsAll(ids(fewer)), is(true));

    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> CONFIG.withTrainLabels(List.of(0.5, 0.0)))
            .getMessage(),
        containsString("trainLabels must be shares above 0, at most 1"));
    assertThat(
        assertThrows(
                IllegalArgumentException.class,
                () -> CONFIG.withTrainLabels(List.of(0.5, 0.5, 0.5)).checked())
            .getMessage(),
        containsString("trainLabels must be one share, or one for each of the 2 classes"));
  }

  private static List<String> ids(Cohort cohort) {
    return cohort.readAll(Split.TRAIN).stream().map(EhrWindow::windowId).toList();
  }

  /**
   * The denoiser learns statics from both, so a category or a gap of either must have a channel.
   */
  @Test
  void staticCovariatesAreDescribedByAllWindowsOfTrain() {
    List<EhrEvent> events = withUnlabelled();
    for (int i = 0; i < 300; i++) {
      events.add(fact("s" + i, "Gender", i % 2));
    }
    for (Unlabelled unlabelled : Unlabelled.values()) {
      Cohort cohort =
          build(
              events,
              CONFIG.withUnlabelled(unlabelled),
              directory.resolve("statics " + unlabelled.label()));
      StaticCovariate sex =
          cohort.staticCovariates().orElseThrow().stream()
              .filter(covariate -> covariate.name().equals("Gender"))
              .findFirst()
              .orElseThrow();
      double train = cohort.count(Split.TRAIN);
      assertThat(sex.isSometimesMissing(), is(unlabelled == Unlabelled.TRAIN));
      assertThat(sex.known(), closeTo(train / (train + cohort.unlabelled()), 1e-9));
    }
  }

  @Test
  void unlabelledStaysOfTunedOrHeldOutSubjectsAreDropped() {
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      String id = "s" + i;
      for (EhrEvent event : stay(id, i % 2, at(id, 70, "HR", 60 + i % 3))) {
        events.add(event.toBuilder().setStayId("labelled").build());
      }
      for (EhrEvent event : stay(id, 0, at(id, 75, "HR", 70))) {
        if (!event.getCode().equals(EhrEvent.HOSPITAL_DEATH)) {
          events.add(event.toBuilder().setStayId("other").build());
        }
      }
    }
    events.add(at("s0", 10, "Urine", 50));
    events.addAll(urine(200));
    for (boolean stratified : new boolean[] {false, true}) {
      Cohort cohort =
          build(
              events,
              CONFIG
                  .withTask(Task.named("in_hospital_mortality"))
                  .withStratified(stratified)
                  .withUnlabelled(Unlabelled.TRAIN),
              directory.resolve("c" + stratified));

      Set<String> unseen = new HashSet<>();
      for (Split split : List.of(Split.TUNING, Split.HELD_OUT)) {
        cohort.readAll(split).forEach(window -> unseen.add(window.subjectId()));
      }
      Set<String> train = new HashSet<>();
      cohort.readAll(Split.TRAIN).forEach(window -> train.add(window.subjectId()));
      Set<String> unlabelled = new HashSet<>();
      cohort
          .readAll(cohort.unlabelledShards())
          .forEach(window -> unlabelled.add(window.subjectId()));
      assertThat(unlabelled, is(train));
      assertThat(
          cohort.unlabelledDropped().values().stream().mapToLong(n -> n).sum(),
          is((long) unseen.size()));
    }
  }

  private static List<EhrEvent> urine(int subjects) {
    List<EhrEvent> events = new ArrayList<>();
    for (int i = 1; i < subjects; i++) {
      events.add(at("s" + i, 10, "Urine", 50).toBuilder().setStayId("labelled").build());
    }
    return events;
  }

  @Test
  void cohortWhoseLabelsAreAllKnownIsTheSameEitherWay() throws Exception {
    build(stays(100), CONFIG, directory.resolve("drop"));
    build(stays(100), CONFIG.withUnlabelled(Unlabelled.TRAIN), directory.resolve("train"));
    assertThat(contents(directory.resolve("train")), equalTo(contents(directory.resolve("drop"))));
  }

  @Test
  void unlabelledWindowsAreExportedWithoutLabel() throws Exception {
    Cohort cohort = build(withUnlabelled(), CONFIG.withUnlabelled(Unlabelled.TRAIN));
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(Create.of(cohort)).apply(ExportCohort.as(Set.of(ExportFormat.values())));
    pipeline.run().waitUntilFinish();

    List<String> rows = Files.readAllLines(directory.resolve("export/unlabelled.csv"));
    assertThat((long) rows.size(), is(1 + 3 * cohort.unlabelled()));
    assertThat(rows.get(0), startsWith("window_id,subject_id,label,step"));
    for (String row : rows.subList(1, rows.size())) {
      assertThat(row.split(",")[2], is(""));
    }
    assertThat(Files.exists(directory.resolve("export/unlabelled.parquet")), is(true));
    assertThat(Files.exists(directory.resolve("export/unlabelled-values.npy")), is(false));
    assertThat(Files.exists(directory.resolve("export/train-values.npy")), is(true));
  }

  private Cohort build(List<EhrEvent> events, CohortConfig config) {
    return build(events, config, directory);
  }

  private static Cohort build(List<EhrEvent> events, CohortConfig config, Path directory) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    String written = directory.toString();
    PCollection<Cohort> done =
        pipeline
            .apply(Create.of(events))
            .apply(BuildCohort.to(directory.toString()).withConfig(config));
    PAssert.thatSingleton(done)
        .satisfies(
            cohort -> {
              // The output equals what a later pipeline opens.
              assertThat(cohort, is(Cohort.open(written)));
              return null;
            });
    pipeline.run().waitUntilFinish();
    return Cohort.open(directory.toString());
  }

  private String failure(List<EhrEvent> events, CohortConfig config) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline
        .apply(Create.of(events))
        .apply(BuildCohort.to(directory.toString()).withConfig(config));
    Exception e = assertThrows(Exception.class, () -> pipeline.run().waitUntilFinish());
    return Throwables.getRootCause(e).getMessage();
  }

  /** Creates stays of two classes with both channels observed and different values. */
  private static List<EhrEvent> stays(int count) {
    List<EhrEvent> events = new ArrayList<>();
    Random random = new Random(11);
    for (int i = 0; i < count; i++) {
      String id = "s" + i;
      events.addAll(
          stay(
              id,
              i % 2,
              at(id, random.nextInt(180), "HR", 60 + 40 * random.nextDouble()),
              at(id, random.nextInt(180), "HR", 60 + 40 * random.nextDouble()),
              at(id, random.nextInt(180), "Urine", 30 + random.nextInt(100))));
    }
    return events;
  }

  private static List<EhrEvent> stay(String id, int outcome, EhrEvent... events) {
    List<EhrEvent> all = new ArrayList<>();
    all.add(
        EhrEvent.builder()
            .setSubjectId(id)
            .setTime(Instant.EPOCH)
            .setCode(EhrEvent.ADMISSION)
            .build());
    all.add(fact(id, EhrEvent.HOSPITAL_DEATH, outcome));
    all.addAll(List.of(events));
    return all;
  }

  private static EhrEvent fact(String id, String code, double value) {
    return EhrEvent.builder().setSubjectId(id).setCode(code).setNumericValue(value).build();
  }

  private static EhrEvent at(String id, int minute, String code, double value) {
    return fact(id, code, value).toBuilder()
        .setTime(Instant.EPOCH.plus(Duration.standardMinutes(minute)))
        .build();
  }

  private static List<String> contents(Path directory) throws Exception {
    List<String> contents = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.sorted().toList()) {
        contents.add(
            file.getFileName()
                + " "
                + com.google.common.hash.Hashing.sha256().hashBytes(Files.readAllBytes(file)));
      }
    }
    return contents;
  }
}
