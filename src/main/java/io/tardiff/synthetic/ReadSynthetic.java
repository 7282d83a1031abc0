package io.tardiff.synthetic;

import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the windows of synthetic sets, for your own transforms and sinks.
 *
 * <pre>{@code
 * PCollection<SyntheticSet> sets = model.apply("Generate", GenerateSyntheticEhr.to(synthetic));
 * PCollection<SyntheticSample> samples = sets.apply("Read samples", ReadSynthetic.samples());
 * // Only the set that an evaluation chose:
 * evaluated
 *     .get(EvaluateSyntheticEhr.CHOICE)
 *     .apply(
 *         "Chosen",
 *         MapElements.into(TypeDescriptor.of(SyntheticSet.class)).via(GuidanceChoice::getChosen))
 *     .apply("Read chosen", ReadSynthetic.samples());
 * // A set of an earlier run:
 * pipeline
 *     .apply("Set", Create.of(SyntheticSet.open("gs://bucket/run/synthetic/none")))
 *     .apply("Read earlier samples", ReadSynthetic.samples());
 * }</pre>
 *
 * <p>Values are {@code [steps, channels]} in clinical units; each {@link SyntheticSample} names its
 * set, channels and units. Files are streamed, in parallel. A set with a missing file fails before
 * any file is read; a truncated file fails when its end is reached.
 */
public final class ReadSynthetic
    extends PTransform<PCollection<SyntheticSet>, PCollection<SyntheticSample>> {
  private static final long serialVersionUID = 1L;

  private ReadSynthetic() {}

  /** Reads the samples of each set, which excludes those of its pool that were not kept. */
  public static ReadSynthetic samples() {
    return new ReadSynthetic();
  }

  @Override
  public PCollection<SyntheticSample> expand(PCollection<SyntheticSet> sets) {
    return sets.apply("Files", ParDo.of(new FilesFn()))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Read", ParDo.of(new ReadFn()));
  }

  private static final class FilesFn extends DoFn<SyntheticSet, KV<String, String>> {
    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<KV<String, String>> output) {
      SyntheticWindows.checkedFiles(set, set.files())
          .forEach(file -> output.output(KV.of(set.directory(), file)));
    }
  }

  /** The element is a directory and one of its files. */
  private static final class ReadFn extends DoFn<KV<String, String>, SyntheticSample> {
    private transient @Nullable SyntheticSet set;
    private transient @Nullable ArtefactDirectory files;

    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<SyntheticSample> output) {
      if (set == null || !set.directory().equals(file.getKey())) {
        set = SyntheticSet.open(file.getKey());
        files = set.files();
      }
      try (CloseableIterator<SyntheticWindow> windows =
          SyntheticWindows.read(set, files, file.getValue())) {
        while (windows.hasNext()) {
          output.output(SyntheticSample.of(set.name(), set.spec(), windows.next()));
        }
      }
    }
  }
}
