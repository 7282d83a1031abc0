package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads data sets of the UCR and UEA time series classification archives, such as ECG200 and
 * Epilepsy, or your own series in these formats.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with the two files of a set, plain or {@code .gz}:
 *
 * <pre>
 * Epilepsy_TRAIN.ts     @problemName Epilepsy
 * Epilepsy_TEST.ts      @classLabel true EPILEPSY WALKING RUNNING SAWING
 *                       &#64;data
 *                       0.6,0.61,...:0.2,0.3,...:1.1,?,...:EPILEPSY     channels, then the class
 *
 * ECG200_TRAIN.tsv      1 &lt;tab&gt; 0.502 &lt;tab&gt; 0.542 ...                     the class, then values
 * ECG200_TEST.tsv
 * </pre>
 *
 * If both formats are present, {@code .ts} is read, since it declares its classes, unless {@link
 * Read#withFormat} selects the other. Lines that begin with {@code #} or {@code %} are comments. A
 * {@code .ts} file need not have a header (some copies of ECG200 have none).
 *
 * <h2>Series</h2>
 *
 * <ul>
 *   <li>The classes of {@code @classLabel} are numbered 0, 1, ... in their declared order. If none
 *       are declared (.tsv, and .ts without a header), those of the TRAIN file are sorted, as
 *       numbers if all are numbers: -1 and 1 become 0 and 1. {@link Read#withClasses} overrides the
 *       order. The two formats of a set may differ: the larger class of ECG200 is the second one in
 *       its .ts (-1, 1) but the first one in its .tsv (1, 2).
 *   <li>{@code ?} and {@code NaN} are gaps.
 *   <li>Channels are {@code dim_0, dim_1, ...} unless {@link Read#withChannels} names them.
 *   <li>The archives do not identify subjects: each series is its own subject, identified by file
 *       and line, {@code Epilepsy_TRAIN.ts:44}.
 *   <li>TEST is held out, as published. The archives have no tuning split: a quarter of TRAIN, or
 *       another {@link Read#withTuningShare}, becomes the tuning split, chosen by a hash of the
 *       series number and so the same in every run.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(TimeSeriesArchive.read().from("/data/Epilepsy"));
 * PCollection<LabelledSeries> series = read.get(SeriesTags.series());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * }</pre>
 *
 * <p>Building the pipeline fails if the directory lacks one of the two files or has several sets,
 * if a file has time stamps, series of different lengths or no classes (regression), or if TRAIN
 * and TEST declare different classes. A corrupt (not merely truncated) compressed file fails the
 * run. A row becomes a dead letter, with its line number, if it has a different number of channels
 * or values than the first row of TRAIN, a value that is not a number, or an unknown class. So does
 * a last line without a line end, which may be truncated within a number, unless it ends in a
 * declared class.
 */
public final class TimeSeriesArchive {
  private static final Pattern FILE =
      Pattern.compile("(.+)_(TRAIN|TEST)\\.(ts|tsv)(\\.gz)?", Pattern.CASE_INSENSITIVE);
  private static final double TUNING_SHARE = 0.25;

  private TimeSeriesArchive() {}

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null, null, List.of(), TUNING_SHARE);
  }

  /** File formats of the archives. */
  public enum Format {
    /** A header; channels separated by colons, the class last. */
    TS,

    /** One channel; values separated by tabs, the class first. */
    TSV
  }

  /** Reads a set; see {@link TimeSeriesArchive}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Format format;
    private final @Nullable List<String> classes;
    private final List<String> channels;
    private final double tuningShare;

    private Read(
        @Nullable String directory,
        @Nullable Format format,
        @Nullable List<String> classes,
        List<String> channels,
        double tuningShare) {
      this.directory = directory;
      this.format = format;
      this.classes = classes;
      this.channels = channels;
      this.tuningShare = tuningShare;
    }

    /** Reads the TRAIN and the TEST file of the one set in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, format, classes, channels, tuningShare);
    }

    /** Selects the format to read if both are present. */
    public Read withFormat(Format format) {
      return new Read(directory, format, classes, channels, tuningShare);
    }

    /** Sets the classes, as written in the files, in the order of their labels 0, 1, ... */
    public Read withClasses(List<String> classes) {
      List<String> keys = classes.stream().map(ArchiveFormat::key).toList();
      checkArgument(
          classes.size() >= 2 && keys.stream().distinct().count() == keys.size(),
          "classes must be at least two distinct ones, had %s",
          classes.size());
      return new Read(directory, format, keys, channels, tuningShare);
    }

    /** Names the channels, in file order. */
    public Read withChannels(List<String> channels) {
      checkArgument(
          channels.stream().distinct().count() == channels.size(), "channels must be distinct");
      return new Read(directory, format, classes, List.copyOf(channels), tuningShare);
    }

    /** Sets the share of TRAIN that becomes the tuning split, from 0 to below 1. Default: 0.25. */
    public Read withTuningShare(double share) {
      checkArgument(share >= 0 && share < 1, "tuningShare must be in [0, 1), was %s", share);
      return new Read(directory, format, classes, channels, share);
    }

    /** Returns the shape of the first recording and the number of classes, read from the files. */
    public SeriesShape shape() {
      checkArgument(directory != null, "from must be called: it names the input directory");
      Files files = files(directory, format);
      ArchiveHead train = ArchiveHead.of(files.train(), files.format());
      List<String> keys = classes != null ? classes : train.classes();
      int count =
          keys != null
              ? keys.size()
              : FindClassesFn.classes(files.train(), files.format(), train.shape()).size();
      return new SeriesShape(names(train.shape()), train.shape().steps(), count);
    }

    private List<String> names(ArchiveFormat.Shape shape) {
      return channels.isEmpty()
          ? IntStream.range(0, shape.channels()).mapToObj(i -> "dim_" + i).toList()
          : channels;
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      Files files = files(directory, format);
      ArchiveHead train = ArchiveHead.of(files.train(), files.format());
      ArchiveHead test = ArchiveHead.of(files.test(), files.format());
      checkArgument(
          Objects.equals(train.classes(), test.classes()),
          "input must declare the same classes in TRAIN and in TEST, was %s",
          directory);
      ArchiveFormat.Shape shape = train.shape();
      checkArgument(
          channels.isEmpty() || channels.size() == shape.channels(),
          "channels must name the %s channels of the input, named %s",
          shape.channels(),
          channels.size());
      List<String> names = names(shape);
      List<String> keys = classes != null ? classes : train.classes();
      PCollectionView<Iterable<String>> found =
          keys != null ? null : found(begin, files.train(), files.format(), shape);
      ParDo.SingleOutput<FileIO.ReadableFile, LabelledSeries> parse =
          ParDo.of(
              new ParseArchiveFn(
                  files.format(), shape, names, keys, train.classes() != null, found, tuningShare));
      return open(begin, "series", List.of(files.train(), files.test()))
          .apply(
              "Parse series",
              (found == null ? parse : parse.withSideInputs(found))
                  .withOutputTags(
                      SeriesTags.series(),
                      TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(DisplayData.item("directory", directory).withLabel("Input directory"))
          .addIfNotNull(
              DisplayData.item("format", format == null ? null : format.name()).withLabel("Format"))
          .addIfNotNull(
              DisplayData.item("classes", classes == null ? null : String.join(",", classes))
                  .withLabel("Classes"))
          .add(DisplayData.item("channels", String.join(",", channels)).withLabel("Channels"))
          .add(DisplayData.item("tuningShare", tuningShare).withLabel("Share of TRAIN for tuning"));
    }

    /** Collects the classes of TRAIN: a class that occurs only in TEST cannot be learnt. */
    private static PCollectionView<Iterable<String>> found(
        PBegin begin, Metadata train, Format format, ArchiveFormat.Shape shape) {
      return open(begin, "classes", List.of(train))
          .apply("Find classes", ParDo.of(new FindClassesFn(format, shape)))
          .setCoder(StringUtf8Coder.of())
          .apply("Each class once", Distinct.create())
          .apply("Classes", View.asIterable());
    }

    private static PCollection<FileIO.ReadableFile> open(
        PBegin begin, String what, List<Metadata> files) {
      return begin
          .apply(
              "Files of " + what,
              Create.of(files.stream().map(file -> file.resourceId().toString()).toList()))
          .apply("Match " + what, FileIO.matchAll())
          .apply("Open " + what, FileIO.readMatches());
    }

    /**
     * The two files of a set.
     *
     * @param format format of both
     */
    private record Files(Metadata train, Metadata test, Format format) {}

    private static Files files(String directory, @Nullable Format wanted) {
      TreeMap<String, Metadata> found = new TreeMap<>();
      List<String> sets = new ArrayList<>();
      try {
        for (Metadata file : InputFiles.match(InputFiles.slash(directory) + "*")) {
          Matcher name = FILE.matcher(String.valueOf(file.resourceId().getFilename()));
          if (name.matches()) {
            found.putIfAbsent((name.group(2) + name.group(3)).toUpperCase(Locale.ROOT), file);
            if (!sets.contains(name.group(1))) {
              sets.add(name.group(1));
            }
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list the input directory " + directory, e);
      }
      checkArgument(
          sets.size() < 2,
          "input must be a directory with the files of one set, was %s: it has those of %s",
          directory,
          String.join(", ", sets));
      for (Format format : wanted == null ? List.of(Format.TS, Format.TSV) : List.of(wanted)) {
        Metadata train = found.get("TRAIN" + format);
        Metadata test = found.get("TEST" + format);
        if (train != null && test != null) {
          return new Files(train, test, format);
        }
      }
      String endings = wanted == null ? "ts or .tsv" : wanted.name().toLowerCase(Locale.ROOT);
      throw new IllegalArgumentException(
          String.format(
              "input must be a directory with *_TRAIN and *_TEST files of .%s,"
                  + " was %s: it is missing or lacks one of them",
              endings, directory));
    }
  }
}
