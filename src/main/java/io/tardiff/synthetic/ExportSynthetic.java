package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Iterators;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.WindowExport;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes the windows of finished synthetic sets in the forms that other tools read, in {@code
 * export/} beneath each set's directory; a set comes out when its files are there.
 *
 * <pre>{@code
 * PCollection<SyntheticSet> sets = model.apply(GenerateSyntheticEhr.to(directory));
 * sets.apply("Export", ExportSynthetic.as(Set.of(ExportFormat.PARQUET, ExportFormat.NPY)));
 * }</pre>
 *
 * <table>
 * <caption>Files</caption>
 * <tr><td>{@code samples.csv, samples.parquet}</td><td>one row per step: {@code sample_id, label,
 * step} and a column for each channel in clinical units</td></tr>
 * <tr><td>{@code samples-values.npy}</td><td>float32 {@code [samples, steps, channels]}</td></tr>
 * <tr><td>{@code samples-labels.npy}</td><td>int64 {@code [samples]}</td></tr>
 * </table>
 *
 * <p>The columns are those of a cohort's export ({@link io.tardiff.cohort.ExportCohort}) but for
 * the mask, as nothing is missing in a synthetic window. Samples stand in the order of their ids,
 * which is the order of the ledger's kept records. Each file is streamed: a window of each shard is
 * in memory at a time. {@link SyntheticToEvents} is for exchange formats such as MEDS.
 */
public final class ExportSynthetic
    extends PTransform<PCollection<SyntheticSet>, PCollection<SyntheticSet>> {
  private static final long serialVersionUID = 1L;

  private static final List<WindowExport.Id> IDS =
      List.of(WindowExport.Id.number("sample_id", window -> Long.valueOf(window.windowId())));

  private final TreeSet<ExportFormat> formats;

  private ExportSynthetic(Set<ExportFormat> formats) {
    this.formats = new TreeSet<>(formats);
  }

  /**
   * Writes in each of the formats.
   *
   * @param formats at least one
   */
  public static ExportSynthetic as(Set<ExportFormat> formats) {
    checkArgument(!formats.isEmpty(), "formats must name at least one format");
    return new ExportSynthetic(formats);
  }

  @Override
  public PCollection<SyntheticSet> expand(PCollection<SyntheticSet> sets) {
    return sets.apply("Files to write", ParDo.of(new PlanFn(List.copyOf(formats))))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Export", ParDo.of(new ExportFn()))
        .apply("Once", Distinct.create())
        .apply("Sets", ParDo.of(new OpenFn()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(
        DisplayData.item(
                "formats",
                formats.stream().map(ExportFormat::label).collect(Collectors.joining(",")))
            .withLabel("Formats"));
  }

  /** Set to pairs of its directory and a format. */
  private static final class PlanFn extends DoFn<SyntheticSet, KV<String, String>> {
    private final List<ExportFormat> formats;

    PlanFn(List<ExportFormat> formats) {
      this.formats = formats;
    }

    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<KV<String, String>> output) {
      formats.forEach(format -> output.output(KV.of(set.directory(), format.label())));
    }
  }

  private static final class ExportFn extends DoFn<KV<String, String>, String> {
    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<String> output)
        throws IOException {
      SyntheticSet set = SyntheticSet.open(file.getKey());
      WindowSpec spec = set.spec();
      new WindowExport(spec, IDS, /* masked= */ false, set.count()) {
        @Override
        protected void forEach(Writer writer) throws IOException {
          windows(set, spec, writer::write);
        }
      }.write(ExportFormat.of(file.getValue()), set.directory(), SyntheticWindows.SAMPLES);
      output.output(file.getKey());
    }
  }

  private static final class OpenFn extends DoFn<String, SyntheticSet> {
    @ProcessElement
    public void process(@Element String directory, OutputReceiver<SyntheticSet> output) {
      output.output(SyntheticSet.open(directory));
    }
  }

  @FunctionalInterface
  private interface Sink {
    void write(EhrWindow window) throws IOException;
  }

  /** All windows of the set in the order of their ids, of one from each shard at a time. */
  private static void windows(SyntheticSet set, WindowSpec spec, Sink sink) throws IOException {
    List<CloseableIterator<SyntheticWindow>> shards = new ArrayList<>();
    ArtefactDirectory files = set.files();
    try {
      for (String shard : SyntheticWindows.checkedFiles(set, files)) {
        shards.add(SyntheticWindows.read(set, files, shard));
      }
      Iterator<SyntheticWindow> samples =
          Iterators.mergeSorted(shards, Comparator.comparingLong(SyntheticWindow::sampleId));
      while (samples.hasNext()) {
        sink.write(SyntheticWindows.observed(spec, samples.next()));
      }
    } finally {
      shards.forEach(CloseableIterator::close);
    }
  }
}
