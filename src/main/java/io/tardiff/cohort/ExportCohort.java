package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.files.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;

/**
 * Writes the windows of a finished cohort as CSV, Parquet or NumPy files, in {@code export/} in the
 * cohort's directory. Outputs the cohort once all files are written.
 *
 * <pre>{@code
 * events
 *     .apply(BuildCohort.to("gs://bucket/run/cohort"))
 *     .apply(ExportCohort.as(Set.of(ExportFormat.PARQUET, ExportFormat.NPY)));
 * }</pre>
 *
 * <p>For each split:
 *
 * <table>
 * <caption>Files</caption>
 * <tr><td>{@code <split>.csv, <split>.parquet}</td><td>one row per step: {@code window_id, subject_id,
 * label, step}, a column for each channel in clinical units, and {@code <channel>_observed}, 1 where
 * it was observed, else 0; and a column for each static covariate, the same in all rows of a window,
 * empty where it is unknown</td></tr>
 * <tr><td>{@code <split>-values.npy}</td><td>float32 {@code [windows, steps, channels]}</td></tr>
 * <tr><td>{@code <split>-mask.npy}</td><td>float32 of the same shape, 1 where
 * observed, else 0</td></tr>
 * <tr><td>{@code <split>-statics.npy}</td><td>float32 {@code [windows, statics]}, NaN where
 * unknown; not there without static covariates</td></tr>
 * <tr><td>{@code <split>-labels.npy}</td><td>int64 {@code [windows]}</td></tr>
 * </table>
 *
 * <p>Windows without a label, if the cohort keeps them, are in {@code unlabelled.csv} and {@code
 * unlabelled.parquet}, with an empty label; there are no NumPy files of them.
 *
 * <p>Windows are in the order of the cohort's shards, each of which is sorted by id. Files are
 * streamed, one window in memory at a time.
 */
public final class ExportCohort extends PTransform<PCollection<Cohort>, PCollection<Cohort>> {
  private static final long serialVersionUID = 1L;

  private static final List<WindowExport.Id> IDS =
      List.of(
          WindowExport.Id.text("window_id", EhrWindow::windowId),
          WindowExport.Id.text("subject_id", EhrWindow::subjectId));

  private final TreeSet<ExportFormat> formats;

  private ExportCohort(Set<ExportFormat> formats) {
    this.formats = new TreeSet<>(formats);
  }

  /**
   * Exports in each of {@code formats}.
   *
   * @throws IllegalArgumentException if {@code formats} is empty
   */
  public static ExportCohort as(Set<ExportFormat> formats) {
    checkArgument(!formats.isEmpty(), "formats must name at least one format");
    return new ExportCohort(formats);
  }

  @Override
  public PCollection<Cohort> expand(PCollection<Cohort> cohorts) {
    return ExportFiles.of(new CohortKind(), cohorts, formats);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    ExportFiles.populateDisplayData(formats, builder);
  }

  private static final class CohortKind implements ExportFiles.Kind<Cohort> {
    private static final long serialVersionUID = 1L;

    @Override
    public Class<Cohort> type() {
      return Cohort.class;
    }

    @Override
    public String directory(Cohort cohort) {
      return cohort.directory();
    }

    @Override
    public Cohort open(String directory) {
      return Cohort.open(directory);
    }

    @Override
    public List<String> names(Cohort cohort, ExportFormat format) {
      List<String> names =
          new ArrayList<>(Arrays.stream(Split.values()).map(Split::label).toList());
      // An array of integers has no value for a label that is not known.
      if (format != ExportFormat.NPY && cohort.unlabelled() > 0) {
        names.add(Cohort.UNLABELLED);
      }
      return names;
    }

    @Override
    public WindowExport windows(Cohort cohort, String name) {
      boolean isLabelled = !name.equals(Cohort.UNLABELLED);
      List<String> shards = isLabelled ? cohort.shards(Split.of(name)) : cohort.unlabelledShards();
      return new WindowExport(
          cohort.spec(),
          IDS,
          /* masked= */ true,
          /* hasStatics= */ true,
          /* hasProbabilities= */ false,
          cohort.count(shards)) {
        @Override
        protected boolean isLabelled() {
          return isLabelled;
        }

        @Override
        protected void forEach(Writer writer) throws IOException {
          for (String shard : shards) {
            try (CloseableIterator<EhrWindow> windows = cohort.read(shard)) {
              while (windows.hasNext()) {
                writer.write(windows.next());
              }
            }
          }
        }
      };
    }
  }
}
