package io.tardiff.evaluation.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.files.AtomicFile;
import io.tardiff.progress.DisplayItems;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes the results of {@link EvaluateSyntheticEhr} to {@code metrics.json} and {@code
 * report.html}, and its choice to {@code chosen.json}.
 *
 * <pre>{@code
 * PCollection<String> metrics =
 *     evaluated.apply(
 *         "Write evaluation",
 *         WriteEvaluation.to(output).withChosenIn(synthetic).withSections(sections));
 * }</pre>
 *
 * <p>{@code metrics.json} has the keys {@code cohort}, {@code training}, {@code utility}, {@code
 * fidelity}, {@code privacy}, {@code plausibility}, {@code guidance} ({@code signal}, {@code
 * choice}, {@code reason}), {@code timings} and {@code throughput}; names are in snake case, and
 * undefined figures are null. {@code report.html} is a self-contained page with charts. {@code
 * chosen.json} describes the set to keep: {@code name}, {@code guidance_rule}, {@code
 * guidance_scale}, {@code selection}, {@code path} (relative if the set is below the directory of
 * the file), {@code reason}, {@code model}, and {@code tuning}, the tuning scores of every set. It
 * is not written if there was no set. Files are renamed into place when complete, and replace those
 * of an earlier attempt.
 *
 * <p>Output: the path of {@code metrics.json}, when all files are written. After the run, print it
 * with {@link EvaluationTable}.
 */
@AutoValue
public abstract class WriteEvaluation extends PTransform<PCollectionTuple, PCollection<String>> {
  /** Name of the file for programs. */
  public static final String METRICS = "metrics.json";

  /** Name of the file for people. */
  public static final String REPORT = "report.html";

  /** Name of the file that describes the set to keep. */
  public static final String CHOSEN = "chosen.json";

  abstract String directory();

  abstract String chosenIn();

  abstract @Nullable PCollectionView<Map<String, String>> sections();

  /** Writes to {@code directory}, on any Beam file system. */
  public static WriteEvaluation to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_WriteEvaluation(directory, directory, null);
  }

  /**
   * Sets the directory of {@code chosen.json}, ideally that of the sets. Default: the output
   * directory.
   */
  public final WriteEvaluation withChosenIn(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_WriteEvaluation(directory(), directory, sections());
  }

  /**
   * Sets sections supplied by other steps, as JSON objects by name: {@code cohort}, {@code
   * training}, {@code guidance_signal}, {@code timings}, {@code throughput}. All are optional;
   * other names are an error. A {@code guidance_signal} is read as a {@link GuidanceSignal} and
   * shown with a chart.
   *
   * <p>Everything is shown in the report, so supply only aggregates.
   */
  public final WriteEvaluation withSections(PCollectionView<Map<String, String>> sections) {
    return new AutoValue_WriteEvaluation(directory(), chosenIn(), sections);
  }

  @Override
  public PCollection<String> expand(PCollectionTuple evaluated) {
    PCollectionView<List<UtilityRow>> utility =
        evaluated.get(EvaluateSyntheticEhr.UTILITY).apply("Utility", View.asList());
    PCollectionView<List<SetMeasures>> measures =
        evaluated.get(EvaluateSyntheticEhr.MEASURES).apply("Measures", View.asList());
    PCollectionView<List<GuidanceChoice>> choice =
        evaluated.get(EvaluateSyntheticEhr.CHOICE).apply("Choice", View.asList());
    ParDo.SingleOutput<String, String> write =
        ParDo.of(new WriteFn(chosenIn(), utility, measures, choice, sections()))
            .withSideInputs(utility, measures, choice);
    return evaluated
        .getPipeline()
        .apply("Directory", Create.of(directory()))
        .apply("Write files", sections() == null ? write : write.withSideInputs(sections()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private static final class WriteFn extends DoFn<String, String> {
    private final String chosenIn;
    private final PCollectionView<List<UtilityRow>> utility;
    private final PCollectionView<List<SetMeasures>> measures;
    private final PCollectionView<List<GuidanceChoice>> choice;
    private final @Nullable PCollectionView<Map<String, String>> sections;

    WriteFn(
        String chosenIn,
        PCollectionView<List<UtilityRow>> utility,
        PCollectionView<List<SetMeasures>> measures,
        PCollectionView<List<GuidanceChoice>> choice,
        @Nullable PCollectionView<Map<String, String>> sections) {
      this.chosenIn = chosenIn;
      this.utility = utility;
      this.measures = measures;
      this.choice = choice;
      this.sections = sections;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      Evaluation evaluation =
          new Evaluation(
              context.sideInput(utility),
              context.sideInput(measures),
              context.sideInput(choice).stream().findFirst().orElse(null),
              sections == null ? Map.of() : context.sideInput(sections));
      String metrics = AtomicFile.resolve(context.element(), METRICS);
      AtomicFile.writeText(metrics, evaluation.metrics().json());
      AtomicFile.writeText(
          AtomicFile.resolve(context.element(), REPORT), HtmlReport.of(evaluation));
      GuidanceChoice choice = evaluation.choice();
      if (choice != null) {
        AtomicFile.writeText(
            AtomicFile.resolve(chosenIn, CHOSEN), evaluation.chosen(chosenIn, choice));
      }
      context.output(metrics);
    }
  }
}
