package io.tardiff.evaluation.report;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.FitScore;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.ScoresFile;
import io.tardiff.evaluation.SetMeasures;
import io.tardiff.evaluation.UtilityCurves;
import io.tardiff.evaluation.UtilityRow;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.progress.DisplayItems;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
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
 * Writes the results of {@link EvaluateSyntheticEhr} to {@code metrics.json}, {@code report.html},
 * {@code report.json} and {@code scores.avro}, and its choice to {@code chosen.json}.
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
 * purpose}, {@code choice}, {@code reason}, {@code comparison} with real windows alone), {@code
 * gate} (null without bounds), {@code timings} and {@code throughput}; names are in snake case, and
 * a figure that is not defined is null. {@code report.html} is one file for people, with figures,
 * and {@code report.json} what the figures draw: curves, profiles, histograms, correlations. {@code
 * scores.avro} has the scores of each fit with its replicates, by which several runs are summarised
 * ({@link io.tardiff.evaluation.RunSummary}). {@code chosen.json} tells the set to keep: {@code
 * purpose}, {@code name}, {@code guidance_rule}, {@code guidance_scale}, {@code path} (relative to
 * the file where the set lies beside or below it), {@code reason}, {@code model}, and {@code
 * tuning}, the figures of every set that it was chosen by; there is none if there was no set. All
 * are renamed into place when complete, and replace those of an earlier attempt. {@code
 * manifest.json} is written last: what the evaluation is made of and was made from.
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

  /** Name of the file with what the figures of the report draw. */
  public static final String REPORT_DATA = "report.json";

  /** Name of the file that describes the set to keep. */
  public static final String CHOSEN = "chosen.json";

  abstract String directory();

  abstract String chosenIn();

  abstract @Nullable PCollectionView<Map<String, String>> sections();

  abstract Gate gate();

  /** Writes to {@code directory}, on any Beam file system. */
  public static WriteEvaluation to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_WriteEvaluation(directory, directory, null, Gate.none());
  }

  /**
   * Sets the directory of {@code chosen.json}, ideally that of the sets. Default: the output
   * directory.
   */
  public final WriteEvaluation withChosenIn(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_WriteEvaluation(directory(), directory, sections(), gate());
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
    return new AutoValue_WriteEvaluation(directory(), chosenIn(), sections, gate());
  }

  /**
   * Sets bounds that the chosen set must meet. The pipeline fails after all files are written, with
   * a line for each bound that is not met; the output is then empty. Default: none.
   */
  public final WriteEvaluation withGate(Gate gate) {
    return new AutoValue_WriteEvaluation(directory(), chosenIn(), sections(), gate);
  }

  @Override
  public PCollection<String> expand(PCollectionTuple evaluated) {
    PCollectionView<List<UtilityRow>> utility =
        evaluated.get(EvaluateSyntheticEhr.UTILITY).apply("Utility", View.asList());
    PCollectionView<List<SetMeasures>> measures =
        evaluated.get(EvaluateSyntheticEhr.MEASURES).apply("Measures", View.asList());
    PCollectionView<List<GuidanceChoice>> choice =
        evaluated.get(EvaluateSyntheticEhr.CHOICE).apply("Choice", View.asList());
    PCollectionView<List<UtilityCurves>> curves =
        evaluated.get(EvaluateSyntheticEhr.CURVES).apply("Curves", View.asList());
    PCollectionView<List<FitScore>> scores =
        evaluated.get(EvaluateSyntheticEhr.SCORES).apply("Scores", View.asList());
    ParDo.SingleOutput<String, String> write =
        ParDo.of(
                new WriteFn(
                    chosenIn(), gate(), utility, measures, choice, curves, scores, sections()))
            .withSideInputs(utility, measures, choice, curves, scores);
    return evaluated
        .getPipeline()
        .apply("Directory", Create.of(directory()))
        .apply("Write files", sections() == null ? write : write.withSideInputs(sections()))
        .apply("Gate", ParDo.of(new GateFn()));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private static final class WriteFn extends DoFn<String, String> {
    private final String chosenIn;
    private final Gate gate;
    private final PCollectionView<List<UtilityRow>> utility;
    private final PCollectionView<List<SetMeasures>> measures;
    private final PCollectionView<List<GuidanceChoice>> choice;
    private final PCollectionView<List<UtilityCurves>> curves;
    private final PCollectionView<List<FitScore>> scores;
    private final @Nullable PCollectionView<Map<String, String>> sections;

    WriteFn(
        String chosenIn,
        Gate gate,
        PCollectionView<List<UtilityRow>> utility,
        PCollectionView<List<SetMeasures>> measures,
        PCollectionView<List<GuidanceChoice>> choice,
        PCollectionView<List<UtilityCurves>> curves,
        PCollectionView<List<FitScore>> scores,
        @Nullable PCollectionView<Map<String, String>> sections) {
      this.chosenIn = chosenIn;
      this.gate = gate;
      this.utility = utility;
      this.measures = measures;
      this.choice = choice;
      this.curves = curves;
      this.scores = scores;
      this.sections = sections;
    }

    @ProcessElement
    public void process(ProcessContext context) throws IOException {
      Evaluation evaluation =
          new Evaluation(
              context.sideInput(utility),
              context.sideInput(measures),
              context.sideInput(choice).stream().findFirst().orElse(null),
              context.sideInput(curves),
              sections == null ? Map.of() : context.sideInput(sections));
      String directory = context.element();
      String path = AtomicFile.resolve(directory, METRICS);
      MetricsFile metrics = evaluation.metrics(gate);
      List<Manifest.Entry> files = new ArrayList<>();
      files.add(Manifest.Entry.writeText(path, metrics.json()));
      files.add(
          Manifest.Entry.write(
              AtomicFile.resolve(directory, ScoresFile.FILE),
              out -> ScoresFile.write(out, context.sideInput(scores))));
      List<Manifest.Source> madeFrom = new ArrayList<>();
      for (SetMeasures measured : evaluation.measures()) {
        if (measured.set() != null) {
          madeFrom.addAll(measured.set().files().lineage());
        }
      }
      String data = ReportData.of(evaluation).json();
      files.add(Manifest.Entry.writeText(AtomicFile.resolve(directory, REPORT_DATA), data + "\n"));
      files.add(
          Manifest.Entry.writeText(
              AtomicFile.resolve(directory, REPORT),
              ReportPage.of(evaluation, metrics, madeFrom, data)));
      GuidanceChoice made = evaluation.choice();
      if (made != null) {
        writeChosen(evaluation.chosen(chosenIn, made), directory).ifPresent(files::add);
      }
      ArtefactDirectory.finish(directory, Manifest.Kind.EVALUATION, madeFrom, files);
      context.output(path);
    }

    /** A file of the evaluation where it lies in its directory or beneath. */
    private Optional<Manifest.Entry> writeChosen(String content, String directory)
        throws IOException {
      String path = AtomicFile.resolve(chosenIn, CHOSEN);
      String base = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
      if (!path.startsWith(base)) {
        AtomicFile.writeText(path, content);
        return Optional.empty();
      }
      return Optional.of(
          Manifest.Entry.write(
              path,
              path.substring(base.length()),
              out -> out.write(content.getBytes(StandardCharsets.UTF_8))));
    }
  }

  /** Passes on the path of {@code metrics.json} if its gate was passed. */
  private static final class GateFn extends DoFn<String, String> {
    private final Counter passed = Metrics.counter("tardiff.evaluation", "gatesPassed");

    @ProcessElement
    public void process(@Element String metrics, OutputReceiver<String> output) throws IOException {
      Gate.Result result = MetricsFile.read(AtomicFile.readText(metrics)).gate();
      if (result != null) {
        if (!result.passed()) {
          throw new IllegalStateException(result.message());
        }
        passed.inc();
      }
      output.output(metrics);
    }
  }

  /**
   * Replaces {@code metrics.json} by one that tells more, such as what is known only when the
   * pipeline has ended.
   */
  @Internal
  public static void replaceMetrics(String directory, String json) throws IOException {
    Manifest.Entry metrics = Manifest.Entry.writeText(AtomicFile.resolve(directory, METRICS), json);
    Optional<Manifest> manifest = Manifest.read(directory);
    if (manifest.isPresent()) {
      manifest.get().with(metrics).write(directory);
    }
  }
}
