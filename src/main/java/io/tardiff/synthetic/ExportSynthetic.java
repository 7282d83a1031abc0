package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.collect.Iterators;
import io.tardiff.cohort.ExportFiles;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.WindowExport;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Exports the windows of synthetic sets for other tools, to {@code export/} under the directory of
 * each set. Outputs each set when its files are written.
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
 * <p>A set with masks also has the columns {@code <channel>_observed} and {@code samples-mask.npy},
 * and one with static covariates a column for each of them and {@code samples-statics.npy}, as in
 * {@link io.tardiff.cohort.ExportCohort}. One with soft labels has the columns {@code p_0}, {@code
 * p_1}, ..., the same in all rows of a window, and {@code samples-probabilities.npy}, float32
 * {@code [samples, classes]}. Gaps are filled by the cohort's imputation. Samples are in the order
 * of their ids, like the kept records of the ledger. Files are streamed, with one window per shard
 * in memory at a time. Use {@link SyntheticToEvents} for exchange formats such as MEDS.
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
   * Exports to each of the formats.
   *
   * @param formats at least one
   */
  public static ExportSynthetic as(Set<ExportFormat> formats) {
    checkArgument(!formats.isEmpty(), "formats must name at least one format");
    return new ExportSynthetic(formats);
  }

  @Override
  public PCollection<SyntheticSet> expand(PCollection<SyntheticSet> sets) {
    return ExportFiles.of(new SetKind(), sets, formats);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    ExportFiles.populateDisplayData(formats, builder);
  }

  private static final class SetKind implements ExportFiles.Kind<SyntheticSet> {
    private static final long serialVersionUID = 1L;

    @Override
    public Class<SyntheticSet> type() {
      return SyntheticSet.class;
    }

    @Override
    public String directory(SyntheticSet set) {
      return set.directory();
    }

    @Override
    public SyntheticSet open(String directory) {
      return SyntheticSet.open(directory);
    }

    @Override
    public List<String> names(SyntheticSet set, ExportFormat format) {
      return List.of(SyntheticWindows.SAMPLES);
    }

    @Override
    public WindowExport windows(SyntheticSet set, String name) {
      return export(set, set.count(), sink -> ExportSynthetic.windows(set, sink));
    }
  }

  /**
   * Writes windows to {@code export/} in a directory, like those of a set.
   *
   * @param set describes the windows
   * @param windows in the order of their ids
   */
  @Internal
  public static void write(
      ExportFormat format, String directory, SyntheticSet set, List<SyntheticWindow> windows)
      throws IOException {
    export(
            set,
            windows.size(),
            sink -> {
              for (SyntheticWindow window : windows) {
                sink.write(window);
              }
            })
        .write(format, directory, SyntheticWindows.SAMPLES);
  }

  @FunctionalInterface
  private interface Sink {
    void write(SyntheticWindow window) throws IOException;
  }

  @FunctionalInterface
  private interface Source {
    void passTo(Sink sink) throws IOException;
  }

  private static WindowExport export(SyntheticSet set, long count, Source windows) {
    return new WindowExport(
        set.spec(), IDS, set.isMasked(), set.hasStatics(), set.hasProbabilities(), count) {
      @Override
      protected void forEach(Writer writer) throws IOException {
        windows.passTo(
            window -> writer.write(SyntheticWindows.asWindow(window), window.probabilities()));
      }
    };
  }

  /**
   * Merges the sorted shards of a set, passing its windows to {@code sink} in the order of their
   * ids.
   */
  private static void windows(SyntheticSet set, Sink sink) throws IOException {
    List<CloseableIterator<SyntheticWindow>> shards = new ArrayList<>();
    ArtefactDirectory files = set.files();
    try {
      for (String shard : SyntheticWindows.checkedFiles(set, files)) {
        shards.add(SyntheticWindows.read(set, files, shard));
      }
      Iterator<SyntheticWindow> samples =
          Iterators.mergeSorted(shards, Comparator.comparingLong(SyntheticWindow::sampleId));
      while (samples.hasNext()) {
        sink.write(samples.next());
      }
    } finally {
      shards.forEach(CloseableIterator::close);
    }
  }
}
