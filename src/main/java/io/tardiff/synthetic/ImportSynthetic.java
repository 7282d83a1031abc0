package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Shard;
import io.tardiff.files.SortedAvroShards;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Imports windows that another tool made, so that they can be evaluated like the sets of this
 * library. Outputs a {@link SyntheticSet} for each set found, {@linkplain
 * SyntheticSet#isMadeElsewhere marked} as made elsewhere.
 *
 * <pre>{@code
 * PCollection<SyntheticSet> sets =
 *     pipeline.apply(
 *         "Import",
 *         ImportSynthetic.from("gs://bucket/timevae")
 *             .against("gs://bucket/run/cohort")
 *             .to("gs://bucket/evaluation/synthetic"));
 * sets.apply("Evaluate", EvaluateSyntheticEhr.against("gs://bucket/run/cohort"));
 * }</pre>
 *
 * <p>The location is a file, or a directory that holds one set itself or one in each of its
 * subdirectories. A set has the form of this library's exports ({@link
 * io.tardiff.cohort.ExportCohort}, {@link ExportSynthetic}), so that a tool that reads them can
 * write the same:
 *
 * <ul>
 *   <li>NumPy: {@code values.npy}, floats {@code [windows, steps, channels]} with the channels in
 *       the cohort's order, and {@code labels.npy}, {@code [windows]}. An array {@code mask.npy} of
 *       the shape of the values, 1 where a value was observed and 0 in gaps, is optional, and so is
 *       {@code statics.npy}, floats {@code [windows, statics]}, NaN where unknown, and {@code
 *       probabilities.npy}, soft labels, floats {@code [windows, classes]}. All may have a prefix:
 *       {@code samples-values.npy}, {@code samples-labels.npy}.
 *   <li>Parquet: one file, or a pattern of files ({@code set/*.parquet}). One row per step: {@code
 *       sample_id} or {@code window_id}, {@code label}, {@code step} (from 0) and a column for each
 *       channel, by name. The rows of a window follow each other in the order of their steps.
 *       {@code <channel>_observed} is optional, 1 where a value was observed and 0 in gaps, and so
 *       is a column for each static covariate, the same in all rows of a window, and {@code p_0},
 *       {@code p_1}, ..., the soft label. {@code subject_id} may be there and is not read.
 * </ul>
 *
 * <p>Values are in clinical units, as in the exports. The gaps of a set with masks may hold
 * anything and are filled like those of the cohort; without masks there are no gaps. Windows have
 * the cohort's steps, channels and classes.
 *
 * <p>Errors: another shape, an unknown or missing column, a truncated file, a label that is not a
 * class, a value that is not finite, and a channel with less than half of its values in the
 * cohort's valid range (normalised values, or channels in another order) fail the pipeline with a
 * message that names the file. Files are streamed by one worker each, with one window, or the
 * columns of one Parquet row group, in memory. Metric: {@code tardiff.synthetic/windowsImported}.
 */
public final class ImportSynthetic extends PTransform<PBegin, PCollection<SyntheticSet>> {
  private static final long serialVersionUID = 1L;

  private final String location;
  private final String cohort;
  private final String directory;
  private final int numShards;

  private ImportSynthetic(String location, String cohort, String directory, int numShards) {
    this.location = location;
    this.cohort = cohort;
    this.directory = directory;
    this.numShards = numShards;
  }

  /** Imports the sets in a location; {@link #against} and {@link #to} are required. */
  public static ImportSynthetic from(String location) {
    checkArgument(!location.isEmpty(), "location must not be empty");
    return new ImportSynthetic(location, "", "", 4);
  }

  /** Sets the directory of the cohort that the windows must fit; it must exist. */
  public ImportSynthetic against(String cohortDirectory) {
    checkArgument(!cohortDirectory.isEmpty(), "directory of the cohort must not be empty");
    return new ImportSynthetic(location, cohortDirectory, directory, numShards);
  }

  /** Sets the directory to write to, a subdirectory for each set. */
  public ImportSynthetic to(String newDirectory) {
    checkArgument(!newDirectory.isEmpty(), "directory must not be empty");
    return new ImportSynthetic(location, cohort, newDirectory, numShards);
  }

  /** Sets the number of files per set, each of which is sorted in memory. Default: 4. */
  public ImportSynthetic withNumShards(int shards) {
    checkArgument(shards >= 1, "numShards must be at least 1, was %s", shards);
    return new ImportSynthetic(location, cohort, directory, shards);
  }

  /**
   * Returns the names of the sets in the location, sorted, and checks the headers of their files.
   *
   * @throws IllegalArgumentException if a file does not fit the cohort
   */
  public List<String> check() {
    Cohort opened = Cohort.open(cohort);
    Map<String, String> sets = sets();
    ForeignWindows windows = new ForeignWindows(opened);
    sets.forEach(
        (name, file) -> {
          try {
            windows.check(file);
          } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
          }
        });
    return List.copyOf(sets.keySet());
  }

  private Map<String, String> sets() {
    try {
      return new TreeMap<>(ForeignWindows.find(location));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list " + location, e);
    }
  }

  @Override
  public PCollection<SyntheticSet> expand(PBegin begin) {
    checkArgument(!cohort.isEmpty(), "against must be called: it names the cohort");
    checkArgument(!directory.isEmpty(), "to must be called: it names the directory to write to");
    Map<String, String> sets = sets();
    checkArgument(
        !sets.isEmpty(),
        "%s holds no windows: it must be or hold *values.npy with *labels.npy, or a *.parquet",
        location);
    List<KV<String, String>> files = new ArrayList<>();
    sets.forEach((name, file) -> files.add(KV.of(name, file)));
    return begin
        .apply("Sets", Create.of(files))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Read windows", ParDo.of(new ReadFn(cohort)))
        .setCoder(new ForeignWindow.Coder())
        .apply(
            "Write samples",
            SortedAvroShards.<ForeignWindow>write(directory, SyntheticWindows.JSON)
                .withSchema(window -> SyntheticWindows.schemaOf(window.window()))
                .withPrefix(window -> window.set() + "/" + SyntheticWindows.SAMPLES)
                .withNumShards(numShards)
                .withId(window -> SortedAvroShards.id(window.window().sampleId()))
                .withFormat(window -> SyntheticWindows.toAvro(window.window())))
        .apply(
            "By set",
            WithKeys.of((Shard shard) -> ForeignWindows.parent(shard.getPath()))
                .withKeyType(TypeDescriptors.strings()))
        .apply("Files of set", GroupByKey.create())
        .apply("Finish sets", ParDo.of(new FinishFn(cohort, directory, sets)));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder
        .add(DisplayData.item("location", Printable.location(location)).withLabel("Location"))
        .add(DisplayData.item("cohort", Printable.location(cohort)).withLabel("Cohort"))
        .add(DisplayData.item("directory", Printable.location(directory)).withLabel("Directory"))
        .add(DisplayData.item("numShards", numShards).withLabel("Files per set"));
  }

  /** The element is the name of a set and its file or pattern. */
  private static final class ReadFn extends DoFn<KV<String, String>, ForeignWindow> {
    private final String cohort;
    private final Counter windows = Metrics.counter("tardiff.synthetic", "windowsImported");

    ReadFn(String cohort) {
      this.cohort = cohort;
    }

    @ProcessElement
    public void process(@Element KV<String, String> set, OutputReceiver<ForeignWindow> output)
        throws IOException {
      new ForeignWindows(Cohort.open(cohort))
          .read(
              set.getValue(),
              window -> {
                windows.inc();
                output.output(new ForeignWindow(set.getKey(), window));
              });
    }
  }

  private static final class FinishFn extends DoFn<KV<String, Iterable<Shard>>, SyntheticSet> {
    private final String cohort;
    private final String directory;
    private final TreeMap<String, String> sets;

    /**
     * @param sets the file of each set, by name
     */
    FinishFn(String cohort, String directory, Map<String, String> sets) {
      this.cohort = cohort;
      this.directory = directory;
      this.sets = new TreeMap<>(sets);
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<Shard>> files, OutputReceiver<SyntheticSet> output)
        throws IOException {
      List<Shard> shards = new ArrayList<>();
      long count = 0;
      for (Shard shard : files.getValue()) {
        shards.add(shard);
        count += shard.getCount();
      }
      Cohort against = Cohort.open(cohort);
      ForeignWindows windows = new ForeignWindows(against);
      String file = sets.get(files.getKey());
      SyntheticSet set =
          SyntheticSet.madeElsewhere(
                  AtomicFile.resolve(directory, files.getKey()),
                  files.getKey(),
                  count,
                  against.spec())
              .withMasks(windows.isMasked(file))
              .withStatics(windows.hasStatics(file))
              .withProbabilities(windows.hasProbabilities(file));
      // Nothing is known of what it was made from.
      set.finish(shards.stream().map(Shard::entry).toList(), List.of(), Map.of());
      output.output(set);
    }
  }
}
