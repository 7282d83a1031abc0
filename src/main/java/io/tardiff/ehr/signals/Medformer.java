package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.SplitNames;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.npy.NpyFormatException;
import io.tardiff.progress.Printable;
import io.tardiff.settings.Labelled;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads EEG and ECG data sets in the layout of Medformer (Wang et al., NeurIPS 2024): APAVA,
 * TDBrain, ADFTD, PTB, or your own recordings saved the same way.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system:
 *
 * <pre>
 * Feature/feature_01.npy    [samples, T, C]   one file per subject (or .npy.gz)
 * Feature/feature_02.npy
 * Label/label.npy           [subjects, 2]     class, subject
 * </pre>
 *
 * The number in the file name is the subject in {@code label.npy}; leading zeros are ignored.
 * Labels may be integers or floats, samples any type that {@link Npy} reads.
 *
 * <h2>Series</h2>
 *
 * <ul>
 *   <li>Each sample becomes a {@link LabelledSeries}, {@code [T, C]}, with the class of its
 *       subject. Series are numbered in file order: {@code 7/0, 7/1, ...} are the samples of
 *       subject {@code 7}.
 *   <li>Values are rounded to floats and not scaled (Medformer itself standardises each sample).
 *       NaN is a gap.
 *   <li>Channels are {@code ch1, ch2, ...} unless {@link Read#withChannels} names them.
 *   <li>{@link Read#withSplits} applies a published split; subjects outside it (TDBrain has some)
 *       are skipped. Default: no split.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Medformer.read().from("gs://bucket/APAVA").withSplits(Medformer.Splits.APAVA));
 * PCollection<LabelledSeries> series = read.get(SeriesTags.series());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * }</pre>
 *
 * <p>Building the pipeline fails if the feature files or {@code label.npy} are missing, or if
 * {@code label.npy} has any other content. Dead letters are: a feature file that is not a 3-D array
 * of numbers in C order; one with data after the array that its header declares; a truncated file,
 * whose complete samples are still read; a sample with an infinite value; a subject without a file;
 * and a file without a row in {@code label.npy}. Because feature files are named after subjects,
 * dead letters call each of them {@code feature file}. Files are read sample by sample and may be
 * larger than memory.
 */
public final class Medformer {
  private static final String FEATURES = "Feature/feature_*.npy";
  private static final String LABELS = "Label/label.npy";
  private static final Pattern FEATURE = Pattern.compile("feature_(\\d{1,18})\\.npy(\\.gz)?");

  /** Far larger than any recording; more indicates a corrupt header. */
  private static final int SHAPE_LIMIT = 100_000;

  private static final int SUBJECT_LIMIT = 1_000_000;

  /** Far more classes than any data set has. */
  private static final int CLASS_LIMIT = 10_000;

  /** Largest range in which doubles represent every integer. */
  private static final double WHOLE = 1L << 53;

  private Medformer() {}

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, List.of());
  }

  /** Subject splits published with Medformer: train, validation (tuning) and test (held out). */
  public enum Splits implements Labelled {
    /** Validation 15, 16, 19, 20; test 1, 2, 17, 18; train all others. */
    APAVA,

    /** Validation 18-21, 46-49; test 22-25, 50-53; train 1-17, 29-45; others unused. */
    TDBRAIN,

    /** Of each class, in {@code label.npy} order: the first 60% train, up to 80% validation. */
    ADFTD,

    /** Of each class, in {@code label.npy} order: the first 55% train, up to 70% validation. */
    PTB;

    public static Splits of(String label) {
      return Labelled.of(Splits.class, "signalSplits", label);
    }

    /**
     * Assigns subjects to splits and omits unused ones.
     *
     * @param classes class by subject, in file order
     */
    Map<Long, String> assign(Map<Long, Integer> classes) {
      return switch (this) {
        case ADFTD -> byPosition(classes, 0.6, 0.8);
        case PTB -> byPosition(classes, 0.55, 0.7);
        case APAVA, TDBRAIN -> {
          Map<Long, String> splits = new LinkedHashMap<>();
          for (long subject : classes.keySet()) {
            String split = this == APAVA ? apava(subject) : tdBrain(subject);
            if (split != null) {
              splits.put(subject, split);
            }
          }
          yield splits;
        }
      };
    }

    private static String apava(long subject) {
      if (List.of(15L, 16L, 19L, 20L).contains(subject)) {
        return SplitNames.TUNING;
      }
      return List.of(1L, 2L, 17L, 18L).contains(subject) ? SplitNames.HELD_OUT : SplitNames.TRAIN;
    }

    private static @Nullable String tdBrain(long subject) {
      // Patients are 1 to 25, healthy subjects 29 to 53, in the same order.
      long position = subject >= 29 && subject <= 53 ? subject - 28 : subject;
      if (position < 1 || position > 25) {
        return null;
      }
      return position <= 17
          ? SplitNames.TRAIN
          : position <= 21 ? SplitNames.TUNING : SplitNames.HELD_OUT;
    }

    private static Map<Long, String> byPosition(
        Map<Long, Integer> classes, double train, double tuning) {
      Map<Integer, List<Long>> subjects = new TreeMap<>();
      classes.forEach(
          (subject, label) ->
              subjects.computeIfAbsent(label, unused -> new ArrayList<>()).add(subject));
      Map<Long, String> splits = new LinkedHashMap<>();
      for (List<Long> classMembers : subjects.values()) {
        // Truncate doubles like the published code: 0.55 x 20 is 11.000000000000002.
        int trainEnd = (int) (train * classMembers.size());
        int tuningEnd = (int) (tuning * classMembers.size());
        for (int i = 0; i < classMembers.size(); i++) {
          splits.put(
              classMembers.get(i),
              i < trainEnd
                  ? SplitNames.TRAIN
                  : i < tuningEnd ? SplitNames.TUNING : SplitNames.HELD_OUT);
        }
      }
      return splits;
    }
  }

  /** Reads the data set; see {@link Medformer}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Splits splits;
    private final List<String> channels;

    private Read(@Nullable String directory, @Nullable Splits splits, List<String> channels) {
      this.directory = directory;
      this.splits = splits;
      this.channels = channels;
    }

    /** Reads the directory that contains {@code Feature} and {@code Label}. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, splits, channels);
    }

    /** Applies a published split. */
    public Read withSplits(Splits splits) {
      return new Read(directory, splits, channels);
    }

    /** Names the channels, in the order of the last dimension. */
    public Read withChannels(List<String> channels) {
      checkArgument(
          channels.stream().distinct().count() == channels.size(), "channels must be distinct");
      return new Read(directory, splits, List.copyOf(channels));
    }

    /**
     * Returns the shape of the first feature file and the number of classes, read from the files.
     */
    public SeriesShape shape() {
      checkArgument(directory != null, "from must be called: it names the input directory");
      Layout layout = layout();
      int count = classes(layout.labels()).values().stream().max(Integer::compare).orElse(0) + 1;
      String first = layout.files().values().iterator().next();
      try (Npy.Reader reader = Npy.reader(InputFiles.open(InputFiles.match(first).get(0)))) {
        checkArgument(
            reader.rank() == 3
                && reader.dimension(1) >= 1
                && reader.dimension(1) <= SHAPE_LIMIT
                && reader.dimension(2) >= 1
                && reader.dimension(2) <= SHAPE_LIMIT,
            "input must have feature files of [samples, steps, channels], was %s",
            directory);
        return new SeriesShape(
            channels.isEmpty() ? names((int) reader.dimension(2)) : channels,
            (int) reader.dimension(1),
            count);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read a feature file of " + directory, e);
      }
    }

    /** {@code ch1, ch2, ...}. */
    static List<String> names(int channels) {
      return IntStream.rangeClosed(1, channels).mapToObj(i -> "ch" + i).toList();
    }

    /**
     * @param files feature files by subject
     */
    private record Layout(Metadata labels, Map<Long, String> files) {}

    private Layout layout() {
      String root = InputFiles.slash(directory);
      List<Metadata> labels;
      Map<Long, String> files = new TreeMap<>();
      try {
        labels = InputFiles.match(root + LABELS);
        List<Metadata> features = new ArrayList<>(InputFiles.match(root + FEATURES));
        features.addAll(InputFiles.match(root + FEATURES + ".gz"));
        for (Metadata feature : features) {
          Matcher name = FEATURE.matcher(String.valueOf(feature.resourceId().getFilename()));
          if (name.matches()) {
            String other = files.put(Long.valueOf(name.group(1)), feature.resourceId().toString());
            checkArgument(
                other == null, "input must have one feature file per subject, %s has two", root);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list the input directory " + directory, e);
      }
      List<String> missing = new ArrayList<>();
      if (files.isEmpty()) {
        missing.add(FEATURES);
      }
      if (labels.isEmpty()) {
        missing.add(LABELS);
      }
      checkArgument(
          missing.isEmpty(),
          "input must be a directory with %s and %s, was %s: it is missing or has no %s",
          FEATURES,
          LABELS,
          directory,
          String.join(", ", missing));
      return new Layout(labels.get(0), files);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      Layout layout = layout();
      Map<Long, String> files = layout.files();
      Map<Long, Integer> classes = classes(layout.labels());
      Map<Long, String> split = splits == null ? Map.of() : splits.assign(classes);
      Map<Long, MedformerSubject> subjects = new LinkedHashMap<>();
      classes.forEach(
          (subject, label) ->
              subjects.put(
                  subject,
                  new MedformerSubject(
                      label, split.get(subject), splits == null || split.containsKey(subject))));
      long missing =
          subjects.entrySet().stream()
              .filter(subject -> subject.getValue().used() && !files.containsKey(subject.getKey()))
              .count();

      PCollectionTuple read =
          begin
              .apply("Files", Create.of(List.copyOf(files.values())))
              .apply("Match", FileIO.matchAll())
              .apply("Open", FileIO.readMatches())
              .apply(
                  "Read samples",
                  ParDo.of(new ReadFeaturesFn(FEATURE, subjects, channels))
                      .withOutputTags(
                          SeriesTags.series(),
                          TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
      if (missing == 0) {
        return read;
      }
      PCollection<DeadLetter> missingFiles =
          begin.apply(
              "Subjects without a file",
              Create.of(
                  Collections.nCopies(
                      (int) missing, DeadLetter.of(LABELS, null, "subject has no feature file"))));
      return PCollectionTuple.of(SeriesTags.series(), read.get(SeriesTags.series()))
          .and(EhrTags.counts(), read.get(EhrTags.counts()))
          .and(
              EhrTags.deadLetters(),
              PCollectionList.of(read.get(EhrTags.deadLetters()))
                  .and(missingFiles)
                  .apply("Dead letters", Flatten.pCollections()));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(
              DisplayData.item("directory", Printable.location(directory))
                  .withLabel("Input directory"))
          .addIfNotNull(
              DisplayData.item("splits", splits == null ? null : splits.name())
                  .withLabel("Published splits"))
          .add(DisplayData.item("channels", String.join(",", channels)).withLabel("Channels"));
    }

    /** Reads the class of each subject, in file order, on which some splits depend. */
    private static Map<Long, Integer> classes(Metadata file) {
      try (Npy.Reader reader = Npy.reader(InputFiles.open(file))) {
        check(
            file,
            reader.rank() == 2
                && reader.dimension(1) == 2
                && reader.dimension(0) >= 1
                && reader.dimension(0) <= SUBJECT_LIMIT,
            "is not an array [subjects, 2]");
        Map<Long, Integer> classes = new LinkedHashMap<>();
        double[] row = new double[2];
        while (reader.read(row)) {
          check(file, isWhole(row[0], CLASS_LIMIT), "has a class that is not 0, 1, ...");
          check(file, isWhole(row[1], WHOLE), "has a subject that is not a whole number");
          check(
              file,
              classes.put((long) row[1], (int) row[0]) == null,
              "has a subject more than once");
        }
        check(file, reader.remaining() == 0, "is truncated");
        check(file, !reader.hasMore(), "has data after the array that its header declares");
        return classes;
      } catch (NpyFormatException e) {
        throw new IllegalArgumentException(
            "labels must be an .npy array, was " + file.resourceId() + ": " + e.getMessage(), e);
      } catch (IOException e) {
        throw new UncheckedIOException("cannot read " + file.resourceId(), e);
      }
    }

    private static boolean isWhole(double value, double limit) {
      return value >= 0 && value < limit && value == Math.rint(value);
    }

    private static void check(Metadata file, boolean ok, String problem) {
      checkArgument(
          ok,
          "labels must be [subjects, 2], each row a class from 0 and a subject, was %s, which %s",
          file.resourceId(),
          problem);
    }
  }
}
