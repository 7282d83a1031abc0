package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;

import com.google.common.hash.Hashing;
import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.meds.MedsFiles;
import io.tardiff.ehr.ricu.Ricu;
import io.tardiff.ehr.signals.LabelledSeries;
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesTags;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import io.tardiff.files.npy.Npy;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import java.util.zip.GZIPOutputStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Damaged bytes of a file change at most the label of the recording or subject that they belong to,
 * and remove no other one without a dead letter. If they fail the run, the message names the file.
 */
class FileFuzzTest {
  /** Set by {@code -Dtardiff.mutants=1000}; each is a complete run. */
  private static final int MUTANTS = Integer.getInteger("tardiff.mutants", 40);

  /** Limits the time on slow machines. */
  private static final long NANOS_PER_MUTANT = 45_000_000;

  private static final int HEAD = 200;
  private static final int SUBJECTS = 8;
  private static final int SAMPLES = 3;

  /** Results of the runs. Static, because the direct runner copies DoFns in this JVM. */
  private static final ConcurrentLinkedQueue<KV<String, String>> LABELS =
      new ConcurrentLinkedQueue<>();

  private static final ConcurrentLinkedQueue<Object> LETTERS = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;

  /**
   * Bytes of a file that belong to one label.
   *
   * @param key key of the label
   */
  private record Part(String file, int from, int to, String key) {}

  /**
   * A valid input.
   *
   * @param parts empty if any damage must be noticed
   */
  private record Source(
      String name,
      Map<String, byte[]> files,
      List<Part> parts,
      Function<String, PTransform<PBegin, PCollectionTuple>> reader) {

    /** Returns this source with all files compressed, so that a checksum detects damage. */
    Source gzipped() throws IOException {
      Map<String, byte[]> packed = new TreeMap<>();
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        // The labels of Medformer have a fixed file name.
        boolean plain = file.getKey().endsWith("label.npy");
        packed.put(
            plain ? file.getKey() : file.getKey() + ".gz",
            plain ? file.getValue() : gzip(file.getValue()));
      }
      return new Source(
          name + ", gzip",
          packed,
          parts.stream().filter(part -> packed.containsKey(part.file())).toList(),
          reader);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * What a reader output.
   *
   * @param labels labels by recording or subject
   * @param letters number of dead letters
   */
  private record Read(Map<String, Set<String>> labels, int letters) {}

  static List<Source> sources() throws IOException {
    return List.of(
        meds(),
        ricu(),
        medformer(),
        medformer().gzipped(),
        ts(),
        ts().gzipped(),
        tsv(),
        fhir(),
        fhir().gzipped());
  }

  @ParameterizedTest
  @MethodSource("sources")
  void damagedBytesChangeOnlyTheirOwnLabel(Source source) throws IOException {
    Map<String, Set<String>> expected = read(source, source.files()).labels();
    assertThat(expected.size(), is(greaterThan(SUBJECTS - 1)));
    assertThat(new HashSet<>(expected.values()).size(), is(greaterThan(1)));
    List<String> names = List.copyOf(source.files().keySet());
    Random random = new Random(source.name().hashCode());
    long until = System.nanoTime() + MUTANTS * NANOS_PER_MUTANT;
    for (int mutant = 0; mutant < MUTANTS && System.nanoTime() < until; mutant++) {
      String file = names.get(random.nextInt(names.size()));
      byte[] valid = source.files().get(file);
      byte[] damaged = damaged(valid, random);
      Map<String, byte[]> files = new TreeMap<>(source.files());
      files.put(file, damaged);
      String what =
          "mutant %s of %s, %s".formatted(mutant, source, difference(file, valid, damaged));

      Set<String> touched = touched(source, file, valid, damaged);
      Read read;
      try {
        read = read(source, files);
      } catch (RuntimeException e) {
        assertThat(what, Failures.describe(e), names(file));
        continue;
      }
      Set<String> changed = new TreeSet<>();
      Set<String> lost = new TreeSet<>();
      expected.forEach(
          (key, label) -> {
            if (!touched.contains(key)) {
              if (!read.labels().containsKey(key)) {
                lost.add(key);
              } else if (!label.equals(read.labels().get(key))) {
                changed.add(key);
              }
            }
          });
      assertThat("changed by " + what, changed, is(empty()));
      if (read.letters() == 0) {
        assertThat("lost in silence by " + what, lost, is(empty()));
      }
      Set<String> invented = new TreeSet<>(read.labels().keySet());
      invented.removeAll(expected.keySet());
      assertThat("invented by " + what, invented.size(), is(lessThanOrEqualTo(touched.size())));
    }
  }

  /** Matches a message that names the file, its MEDS table, or what two files disagree in. */
  private static org.hamcrest.Matcher<String> names(String file) {
    return anyOf(
        containsString(file.substring(file.lastIndexOf('/') + 1)),
        containsString("table labels has an unusable row"),
        containsString("table subject_splits has an unusable row"),
        containsString("table outc has an unusable row"),
        containsString("the same classes in TRAIN and in TEST"));
  }

  /** Flips bits, replaces a byte, zeroes a range, or truncates. */
  private static byte[] damaged(byte[] valid, Random random) {
    byte[] bytes = valid.clone();
    // Half of the damage is near the start, with the header of arrays and Parquet's first pages.
    int at = random.nextInt(random.nextBoolean() ? bytes.length : Math.min(bytes.length, HEAD));
    switch (random.nextInt(8)) {
      case 0 -> {
        return Arrays.copyOf(bytes, at);
      }
      case 1 ->
          Arrays.fill(bytes, at, Math.min(bytes.length, at + 1 + random.nextInt(16)), (byte) 0);
      case 2, 3 -> bytes[at] = (byte) random.nextInt();
      default -> bytes[at] ^= (byte) (1 << random.nextInt(8));
    }
    return bytes;
  }

  private static String difference(String file, byte[] valid, byte[] damaged) {
    int from = Arrays.mismatch(valid, damaged);
    return damaged.length < valid.length
        ? file + " cut at " + damaged.length
        : file
            + (from < 0
                ? " as it was"
                : " at " + from + ", " + valid[from] + " is " + damaged[from]);
  }

  private static Set<String> touched(Source source, String file, byte[] valid, byte[] damaged) {
    Set<String> touched = new HashSet<>();
    for (Part part : source.parts()) {
      if (part.file().equals(file)
          && (part.to() > damaged.length
              || !Arrays.equals(valid, part.from(), part.to(), damaged, part.from(), part.to()))) {
        touched.add(part.key());
      }
    }
    return touched;
  }

  private Read read(Source source, Map<String, byte[]> files) throws IOException {
    Path input = Files.createTempDirectory(directory, "in");
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = input.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    LABELS.clear();
    LETTERS.clear();
    PipelineOptions options =
        PipelineOptionsFactory.fromArgs(
                "--targetParallelism=1",
                "--enforceImmutability=false",
                "--enforceEncodability=false")
            .create();
    Pipeline pipeline = Pipeline.create(options);
    PCollectionTuple read = pipeline.apply(source.reader().apply(input.toString()));
    if (read.has(SeriesTags.series())) {
      read.get(SeriesTags.series()).apply("Labels", ParDo.of(new SeriesFn()));
    } else {
      read.get(EhrTags.events()).apply("Labels", ParDo.of(new EventsFn()));
    }
    read.get(EhrTags.deadLetters()).apply("Letters", ParDo.of(new LettersFn<>()));
    pipeline.run().waitUntilFinish();
    MoreFiles.deleteRecursively(input, RecursiveDeleteOption.ALLOW_INSECURE);
    Map<String, Set<String>> labels = new TreeMap<>();
    LABELS.forEach(
        label ->
            labels.computeIfAbsent(label.getKey(), key -> new TreeSet<>()).add(label.getValue()));
    return new Read(labels, LETTERS.size());
  }

  private static final class SeriesFn extends DoFn<LabelledSeries, Void> {
    @ProcessElement
    public void process(@Element LabelledSeries series) {
      // Archives name a recording by its line number, which changes if a line is split.
      boolean archive = series.seriesId().contains("_T");
      LABELS.add(
          KV.of(
              archive ? Arrays.toString(series.values()) : series.seriesId(),
              Integer.toString(series.label())));
    }
  }

  private static final class EventsFn extends DoFn<EhrEvent, Void> {
    @ProcessElement
    public void process(@Element EhrEvent event) {
      String code = event.getCode();
      if (Set.of(EhrEvent.LABEL, EhrEvent.SPLIT, EhrEvent.HOSPITAL_DEATH).contains(code)) {
        String owner = event.getStayId() == null ? event.getSubjectId() : event.getStayId();
        LABELS.add(KV.of(owner + " " + code, event.getNumericValue() + " " + event.getTextValue()));
      }
    }
  }

  private static final class LettersFn<T> extends DoFn<T, Void> {
    @ProcessElement
    public void process(@Element T letter) {
      LETTERS.add(letter);
    }
  }

  /** Every page has a checksum, so no row may change. */
  private static Source meds() throws IOException {
    Path root = Files.createTempDirectory("meds");
    List<@Nullable Object[]> data = new ArrayList<>();
    List<@Nullable Object[]> splits = new ArrayList<>();
    List<@Nullable Object[]> labels = new ArrayList<>();
    for (long subject = 1; subject <= SUBJECTS; subject++) {
      boolean died = subject % 3 == 0;
      Instant start = Instant.parse("2150-01-0" + subject + "T00:00:00Z");
      data.add(MedsFiles.row(subject, start, "HOSPITAL_ADMISSION//EMERGENCY", null));
      data.add(MedsFiles.row(subject, start.plus(5_000), "HR", 60f + subject));
      data.add(
          MedsFiles.row(
              subject, start.plus(9_000), "HOSPITAL_DISCHARGE//" + (died ? "DIED" : "HOME"), null));
      splits.add(
          MedsFiles.row(subject, List.of("train", "tuning", "held_out").get((int) subject % 3)));
      labels.add(MedsFiles.row(subject, start.plus(6_000), died));
    }
    Files.createDirectories(root.resolve("data"));
    Files.createDirectories(root.resolve("metadata"));
    Files.createDirectories(root.resolve("labels/death"));
    Map<String, byte[]> files = new TreeMap<>();
    write(root, "data/0.parquet", MedsFiles.DATA, data, files);
    write(root, "metadata/subject_splits.parquet", MedsFiles.SPLITS, splits, files);
    write(root, "labels/death/0.parquet", MedsFiles.LABELS, labels, files);
    MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    return new Source("MEDS", files, List.of(), input -> Meds.read().from(input));
  }

  private static Source ricu() throws IOException {
    Path root = Files.createTempDirectory("ricu");
    List<@Nullable Object[]> dynamic = new ArrayList<>();
    List<@Nullable Object[]> statics = new ArrayList<>();
    List<@Nullable Object[]> outcomes = new ArrayList<>();
    for (long stay = 1; stay <= SUBJECTS; stay++) {
      dynamic.add(MedsFiles.row(stay, 1.0, 60.0 + stay));
      statics.add(MedsFiles.row(stay, 50.0 + stay, stay % 2 == 0 ? "Male" : "Female"));
      outcomes.add(MedsFiles.row(stay, stay % 3 == 0 ? 1L : 0L));
    }
    Map<String, byte[]> files = new TreeMap<>();
    String id = "required int64 stay_id; optional ";
    write(root, "dyn.parquet", id + "double time; optional double hr;", dynamic, files);
    write(root, "sta.parquet", id + "double age; optional binary sex (STRING);", statics, files);
    write(root, "outc.parquet", id + "int64 label;", outcomes, files);
    MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    return new Source("ricu", files, List.of(), input -> Ricu.read().from(input));
  }

  private static void write(
      Path root,
      String file,
      String columns,
      List<@Nullable Object[]> rows,
      Map<String, byte[]> files)
      throws IOException {
    MedsFiles.write(root.resolve(file), columns, rows.toArray(Object[][]::new));
    files.put(file, Files.readAllBytes(root.resolve(file)));
  }

  private static Source medformer() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    List<Part> parts = new ArrayList<>();
    double[][] labels = new double[SUBJECTS][];
    for (int i = 0; i < SUBJECTS; i++) {
      int subject = 101 + 7 * i;
      labels[i] = new double[] {i % 3, subject};
      double[][] samples = new double[SAMPLES][];
      for (int sample = 0; sample < SAMPLES; sample++) {
        samples[sample] = new double[] {subject, sample, 0.5, -1.5, 2, 3};
      }
      String file = "Feature/feature_" + subject + ".npy";
      byte[] array = array(samples, 3, 2);
      files.put(file, array);
      int bytes = samples[0].length * Double.BYTES;
      int head = array.length - SAMPLES * bytes;
      for (int sample = 0; sample < SAMPLES; sample++) {
        int from = head + sample * bytes;
        parts.add(new Part(file, from, from + bytes, subject + "/" + sample));
      }
    }
    String file = "Label/label.npy";
    byte[] array = array(labels, 2);
    files.put(file, array);
    int bytes = 2 * Double.BYTES;
    for (int i = 0; i < SUBJECTS; i++) {
      int from = array.length - (SUBJECTS - i) * bytes;
      for (int sample = 0; sample < SAMPLES; sample++) {
        parts.add(new Part(file, from, from + bytes, (int) labels[i][1] + "/" + sample));
      }
    }
    return new Source("Medformer", files, parts, input -> Medformer.read().from(input));
  }

  private static byte[] array(double[][] rows, int... row) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Npy.Writer writer = Npy.writer(out, Npy.Type.FLOAT64, rows.length, row)) {
      for (double[] values : rows) {
        writer.write(values);
      }
    }
    return out.toByteArray();
  }

  private static Source ts() {
    Text train = new Text("Tiny_TRAIN.ts");
    Text test = new Text("Tiny_TEST.ts");
    for (Text text : List.of(train, test)) {
      for (String line :
          List.of("#Tiny", "@problemName Tiny", "@classLabel true well sick", "@data")) {
        text.line(line, List.of());
      }
      for (int i = 1; i <= SUBJECTS; i++) {
        String value = (text == train ? "1" : "2") + i + ".25";
        String channel = String.join(",", value, value, value);
        text.line(
            channel + ":" + channel + ":" + (i % 3 == 0 ? "sick" : "well"), List.of(key(value, 6)));
      }
    }
    return source(".ts", List.of(train, test), input -> TimeSeriesArchive.read().from(input));
  }

  /** Declares the classes: otherwise a damaged one would be a new class. */
  private static Source tsv() {
    Text train = new Text("Tiny_TRAIN.tsv");
    Text test = new Text("Tiny_TEST.tsv");
    for (Text text : List.of(train, test)) {
      for (int i = 1; i <= SUBJECTS; i++) {
        String value = (text == train ? "1" : "2") + i + ".25";
        text.line(
            String.join("\t", i % 3 == 0 ? "2" : "1", value, value, value), List.of(key(value, 3)));
      }
    }
    return source(
        ".tsv",
        List.of(train, test),
        input -> TimeSeriesArchive.read().from(input).withClasses(List.of("1", "2")));
  }

  private static String key(String value, int count) {
    float[] values = new float[count];
    Arrays.fill(values, Float.parseFloat(value));
    return Arrays.toString(values);
  }

  private static Source fhir() {
    Text patients = new Text("Patient.ndjson");
    Text encounters = new Text("Encounter.ndjson");
    Text observations = new Text("Observation.ndjson");
    for (int i = 0; i < SUBJECTS; i++) {
      boolean died = i % 3 == 0;
      // So different that damage cannot turn one into another.
      String patient = Hashing.sha256().hashInt(i).toString().substring(0, 12);
      String stay = Hashing.sha256().hashInt(1000 + i).toString().substring(0, 12);
      List<String> keys = List.of(stay + " " + EhrEvent.HOSPITAL_DEATH);
      patients.line(
          ("{'resourceType':'Patient','id':'%s','gender':'female','birthDate':'1950-02-03'"
                  + (died ? ",'deceasedDateTime':'2150-01-05T12:00:00Z'" : "")
                  + "}")
              .formatted(patient),
          keys);
      encounters.line(
          ("{'resourceType':'Encounter','id':'%s','status':'finished','class':{'code':'IMP'},"
                  + "'subject':{'reference':'Patient/%s'},"
                  + "'period':{'start':'2150-01-01T10:00:00Z','end':'2150-01-05T12:00:00Z'},"
                  + "'hospitalization':{'dischargeDisposition':{'coding':[{'system':"
                  + "'http://terminology.hl7.org/CodeSystem/discharge-disposition','code':'%s'}]}}}")
              .formatted(stay, patient, died ? "exp" : "home"),
          keys);
      observations.line(
          ("{'resourceType':'Observation','status':'final','code':{'coding':[{'system':"
                  + "'http://loinc.org','code':'8867-4'}]},'subject':{'reference':'Patient/%s'},"
                  + "'encounter':{'reference':'Encounter/%s'},"
                  + "'effectiveDateTime':'2150-01-02T03:04:05Z','valueInteger':8%s}")
              .formatted(patient, stay, i),
          keys);
    }
    return source(
        "FHIR", List.of(patients, encounters, observations), input -> FhirR4.read().from(input));
  }

  private static Source source(
      String name,
      List<Text> texts,
      Function<String, PTransform<PBegin, PCollectionTuple>> reader) {
    Map<String, byte[]> files = new TreeMap<>();
    List<Part> parts = new ArrayList<>();
    for (Text text : texts) {
      files.put(text.file, text.content.toString().getBytes(StandardCharsets.UTF_8));
      parts.addAll(text.parts);
    }
    return new Source(name, files, parts, reader);
  }

  /** A text file in ASCII. */
  private static final class Text {
    private final String file;
    private final StringBuilder content = new StringBuilder();
    private final List<Part> parts = new ArrayList<>();

    Text(String file) {
      this.file = file;
    }

    void line(String line, List<String> keys) {
      // The end of the previous line belongs to both: without it they are one line.
      int from = Math.max(0, content.length() - 1);
      content.append(line.replace('\'', '"')).append('\n');
      keys.forEach(key -> parts.add(new Part(file, from, content.length(), key)));
    }
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(packed)) {
      out.write(bytes);
    }
    return packed.toByteArray();
  }
}
