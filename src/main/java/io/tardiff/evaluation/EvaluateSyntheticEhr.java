package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ImmutableList;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.evaluation.MeasureSetFn.Task;
import io.tardiff.influence.Purpose;
import io.tardiff.progress.DisplayItems;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.WorkerResources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.coders.SerializableCoder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.Wait;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollection.IsBounded;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTag;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptor;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Measures the utility, fidelity, plausibility and privacy of synthetic sets, and chooses the one
 * to keep.
 *
 * <pre>{@code
 * // sets: complete sets, one per guidance
 * PCollectionTuple evaluated =
 *     sets.apply("Evaluate", EvaluateSyntheticEhr.against("gs://bucket/run/cohort"));
 * PCollection<GuidanceChoice> choice = evaluated.get(EvaluateSyntheticEhr.CHOICE);
 * evaluated.apply("Write evaluation", WriteEvaluation.to("gs://bucket/run"));
 * }</pre>
 *
 * <p>The sets of the input, and the cohort, must be complete; nothing is read before the input
 * arrives. Outputs:
 *
 * <ul>
 *   <li>{@link #UTILITY}: one {@link UtilityRow} per protocol, set, alpha, downstream model and
 *       test set: held_out, and the {@linkplain #withTestCohorts test cohorts} if there are any
 *   <li>{@link #MEASURES}: one {@link SetMeasures} per set, and one for the real tuning split as a
 *       reference
 *   <li>{@link #CHOICE}: exactly one {@link GuidanceChoice}, or none if the input is empty
 * </ul>
 *
 * <p>Every fit of a downstream model is a separate element, so fits are spread over workers. A
 * worker holds the cohort once in memory, and one synthetic set for each thread at most. A fit
 * outputs its scores, its bootstrap replicates and its curves: at most 36 KB and 4 KB per class,
 * however many windows there are, so the worker that summarises a model needs 40 MB for a thousand
 * fits of two classes. TSRTR runs after the choice, because by default it uses only the baseline
 * and the best targeted set; if sets augment real windows ({@link EvaluationConfig#withPurpose}),
 * the fits of the first model decide the choice and run before it.
 *
 * <p>Metrics: {@code tardiff.evaluation/fitsPlanned} and {@code fits} show the progress.
 *
 * <p>Errors: a set with a value that is not finite, other channels than the cohort, made from
 * another cohort, with no window of some class, or fewer windows than the largest alpha asks for
 * fails the pipeline with a message that says so.
 */
@AutoValue
public abstract class EvaluateSyntheticEhr
    extends PTransform<PCollection<SyntheticSet>, PCollectionTuple> {

  public static final TupleTag<UtilityRow> UTILITY = new TupleTag<>() {};
  public static final TupleTag<SetMeasures> MEASURES = new TupleTag<>() {};
  public static final TupleTag<GuidanceChoice> CHOICE = new TupleTag<>() {};

  /** ROC and precision-recall curves, which the report draws. */
  @Internal public static final TupleTag<UtilityCurves> CURVES = new TupleTag<>() {};

  /** The scores of each fit, which several runs are summarised by. */
  @Internal public static final TupleTag<FitScore> SCORES = new TupleTag<>() {};

  abstract String cohort();

  abstract EvaluationConfig config();

  abstract DownstreamTrainer trainer();

  abstract int expectedSets();

  abstract ImmutableList<String> testCohorts();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setCohort(String directory);

    abstract Builder setConfig(EvaluationConfig config);

    abstract Builder setTrainer(DownstreamTrainer trainer);

    abstract Builder setExpectedSets(int sets);

    abstract Builder setTestCohorts(ImmutableList<String> directories);

    abstract EvaluateSyntheticEhr build();
  }

  /**
   * Evaluates against the cohort in {@code directory}, which may not exist yet when the pipeline is
   * built.
   */
  public static EvaluateSyntheticEhr against(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new AutoValue_EvaluateSyntheticEhr.Builder()
        .setCohort(directory)
        .setConfig(EvaluationConfig.defaults())
        .setTrainer(classifiers())
        .setExpectedSets(0)
        .setTestCohorts(ImmutableList.of())
        .build();
  }

  /**
   * Checks that sets can be evaluated against a cohort, so that a launcher can fail before it
   * starts a pipeline.
   *
   * @throws IllegalArgumentException if a split lacks a class
   */
  public static void check(Cohort cohort) {
    Arrays.stream(Split.values()).forEach(cohort::checkEveryClass);
  }

  /**
   * That a set can be evaluated against a cohort: it has the cohort's windows, and was made from
   * that cohort as far as it says what it was made from.
   *
   * @throws IllegalArgumentException where it does not fit
   */
  public static void checkSet(SyntheticSet set, Cohort cohort) {
    checkArgument(
        haveSameShape(set.spec(), cohort.spec()),
        "synthetic set %s must have the steps, channels, units and classes of the cohort %s",
        set.directory(),
        cohort.directory());
    set.files().checkMadeFrom(cohort.files());
  }

  static boolean haveSameShape(WindowSpec a, WindowSpec b) {
    return a.steps() == b.steps()
        && a.step().equals(b.step())
        && a.channels().equals(b.channels())
        && a.classes() == b.classes();
  }

  /**
   * Reads the test cohorts and checks that models of a cohort can be scored on them, so that a
   * launcher can fail before it starts a pipeline.
   *
   * @throws IllegalArgumentException if one has other windows, lacks a class, or has patients of
   *     the train or tuning split of {@code cohort}
   */
  public final void checkTestCohorts(Cohort cohort) {
    testCohorts().forEach(directory -> TestCohort.open(cohort, directory));
  }

  /**
   * Checks that the baselines can be fitted to a cohort.
   *
   * @throws IllegalArgumentException if one cannot
   */
  public final void checkBaselines(Cohort cohort) {
    config().baselines().forEach(baseline -> baseline.check(cohort));
  }

  /**
   * Checks that a set has masks if a model reads them and the cohort has gaps.
   *
   * @throws IllegalArgumentException if it has none; the message names the models
   */
  public final void checkMasks(SyntheticSet set, Cohort cohort) {
    checkMasks(config(), trainer(), set, cohort);
  }

  static void checkMasks(
      EvaluationConfig config, DownstreamTrainer trainer, SyntheticSet set, Cohort cohort) {
    List<String> models = config.models().stream().filter(trainer::readsMasks).toList();
    checkArgument(
        models.isEmpty() || set.isMasked() || cohort.isFullyObserved(),
        "evaluationModels must not be %s for synthetic set %s, which has no masks: train with"
            + " missingness masks, or use models that read values only",
        String.join(", ", models),
        set.directory());
  }

  /**
   * Returns the default trainer: the library's {@code gru}, {@code cnn}, {@code transformer} and
   * {@code summary} classifiers, the same with the observation masks ({@code gru_mask}, ...) and
   * also the time since the last observation ({@code gru_mask_time}, ...), and {@code logistic}, a
   * logistic regression on summary statistics of each channel.
   */
  public static DownstreamTrainer classifiers() {
    return new TargetClassifiers();
  }

  /** Sets what to measure. Default: {@link EvaluationConfig#defaults()}. */
  public final EvaluateSyntheticEhr withConfig(EvaluationConfig config) {
    return toBuilder().setConfig(config.checked()).build();
  }

  /** Sets the number of input sets, which only serves to estimate the remaining time. */
  public final EvaluateSyntheticEhr withExpectedSets(int sets) {
    checkArgument(sets >= 1, "expected sets must be at least 1, was %s", sets);
    return toBuilder().setExpectedSets(sets).build();
  }

  /**
   * Sets directories of other cohorts, such as of other hospitals, on which all models are scored
   * too. Each is a whole test set, converted with the normaliser and the filling of the cohort that
   * models are fitted to, and gives rows of its own ({@link UtilityRow#getTest}); it is named by
   * its directory, or by the one above if that is called {@code cohort}. The choice never uses
   * them. Default: none.
   *
   * @throws IllegalArgumentException if the names are not distinct
   */
  public final EvaluateSyntheticEhr withTestCohorts(List<String> directories) {
    TestCohort.checkNames(directories);
    return toBuilder().setTestCohorts(ImmutableList.copyOf(directories)).build();
  }

  /** Sets the trainer of the downstream models. Default: {@link #classifiers()}. */
  public final EvaluateSyntheticEhr withTrainer(DownstreamTrainer trainer) {
    return toBuilder().setTrainer(trainer).build();
  }

  @Override
  public PCollectionTuple expand(PCollection<SyntheticSet> sets) {
    for (String model : config().models()) {
      checkArgument(
          trainer().models().contains(model),
          "models must be among %s, were %s",
          trainer().models(),
          config().models());
    }
    checkArgument(
        sets.isBounded() == IsBounded.BOUNDED,
        "sets must be a bounded collection: choosing one requires all of them");
    EvaluationConfig config = config();

    PCollection<SetMeasures> measures =
        PCollectionList.of(
                sets.getPipeline()
                    .apply("Yardstick", Create.of(new Task(null)))
                    .apply("Await cohort", Wait.on(sets)))
            .and(
                sets.apply(
                    "Each set", MapElements.into(TypeDescriptor.of(Task.class)).via(Task::new)))
            .apply("Sets to measure", Flatten.pCollections())
            .apply("Spread sets", Reshuffle.viaRandomKey())
            .apply(
                "Measure sets",
                // Only a network has use for an accelerator.
                (config.discriminators().haveNetwork() ? config.resources() : WorkerResources.any())
                    .parDo(new MeasureSetFn(source(), config, expectedSets())));

    PCollection<UtilityScore> real =
        sets.getPipeline()
            .apply(
                "Plan TRTR",
                Create.of(UtilityTask.real(config))
                    .withCoder(SerializableCoder.of(UtilityTask.class)))
            .apply("Await cohort for TRTR", Wait.on(sets))
            .apply("TRTR", new Fit(this, "TRTR", config.realFits()));
    PCollection<UtilityScore> synthetic =
        sets.apply("Plan TSTR", ParDo.of(new PlanTstrFn(config)))
            .apply("TSTR", new Fit(this, "TSTR", config.tstrFits(expectedSets())));

    // What decides the choice is fitted before it, the rest of TSRTR after it.
    List<PCollection<UtilityScore>> scores = new ArrayList<>(List.of(real, synthetic));
    PCollection<UtilityScore> deciding = synthetic;
    if (config.purpose() == Purpose.AUGMENT) {
      PCollection<UtilityScore> added =
          sets.apply("Plan TSRTR for choice", ParDo.of(new PlanForChoiceFn(config)))
              .apply(
                  "TSRTR for choice",
                  new Fit(this, "TSRTR for choice", config.choiceFits(expectedSets())));
      scores.add(added);
      deciding = PCollectionList.of(List.of(real, added)).apply("Deciding", Flatten.pCollections());
    }
    PCollection<GuidanceChoice> choice =
        deciding
            .apply("Of target model", Filter.by(score -> score.task().decides(config)))
            .apply("By target model", byModel())
            .apply("Gather for choice", GroupByKey.create())
            .apply("Choose guidance", ParDo.of(new ChooseFn(config.purpose())));

    PCollectionView<GuidanceChoice> chosen = choice.apply("Choice", View.asSingleton());
    scores.add(
        sets.apply("Plan TSRTR", ParDo.of(new PlanTsrtrFn(config)).withSideInput("choice", chosen))
            .apply("TSRTR", new Fit(this, "TSRTR", config.tsrtrFits(expectedSets()))));

    PCollectionTuple summed =
        PCollectionList.of(scores)
            .apply("All scores", Flatten.pCollections())
            .apply("By model", byModel())
            .apply("Gather by model", GroupByKey.create())
            .apply(
                "Sum up",
                ParDo.of(new SumUpFn())
                    .withOutputTags(UTILITY, TupleTagList.of(CURVES).and(SCORES)));

    return summed.and(MEASURES, measures).and(CHOICE, choice);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private EvaluationSource source() {
    return new EvaluationSource(cohort(), testCohorts());
  }

  private static WithKeys<String, UtilityScore> byModel() {
    return WithKeys.<String, UtilityScore>of(score -> score.task().model())
        .withKeyType(TypeDescriptors.strings());
  }

  /** Spreads fits over workers; they are few and long, so none should wait behind another. */
  private static final class Fit
      extends PTransform<PCollection<UtilityTask>, PCollection<UtilityScore>> {
    private final EvaluateSyntheticEhr evaluation;
    private final String phase;
    private final long expectedFits;

    Fit(EvaluateSyntheticEhr evaluation, String phase, long expectedFits) {
      this.evaluation = evaluation;
      this.phase = phase;
      this.expectedFits = expectedFits;
    }

    @Override
    public PCollection<UtilityScore> expand(PCollection<UtilityTask> tasks) {
      return tasks
          .apply("Count", ParDo.of(new CountPlannedFn()))
          .apply("Spread", Reshuffle.viaRandomKey())
          .apply(
              "Score",
              evaluation
                  .config()
                  .resources()
                  .parDo(
                      new ScoreUtilityFn(
                          evaluation.config(),
                          evaluation.source(),
                          evaluation.trainer(),
                          phase,
                          expectedFits)));
    }
  }

  private static final class CountPlannedFn extends DoFn<UtilityTask, UtilityTask> {
    private final Counter planned = Metrics.counter("tardiff.evaluation", "fitsPlanned");

    @ProcessElement
    public void process(@Element UtilityTask task, OutputReceiver<UtilityTask> output) {
      planned.inc();
      output.output(task);
    }
  }

  private static final class PlanTstrFn extends DoFn<SyntheticSet, UtilityTask> {
    private final EvaluationConfig config;

    PlanTstrFn(EvaluationConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<UtilityTask> output) {
      UtilityTask.tstr(config, set).forEach(output::output);
    }
  }

  private static final class PlanForChoiceFn extends DoFn<SyntheticSet, UtilityTask> {
    private final EvaluationConfig config;

    PlanForChoiceFn(EvaluationConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element SyntheticSet set, OutputReceiver<UtilityTask> output) {
      UtilityTask.tsrtrForChoice(config, set).forEach(output::output);
    }
  }

  private static final class PlanTsrtrFn extends DoFn<SyntheticSet, UtilityTask> {
    private final EvaluationConfig config;

    PlanTsrtrFn(EvaluationConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(
        @Element SyntheticSet set,
        @SideInput("choice") GuidanceChoice choice,
        OutputReceiver<UtilityTask> output) {
      UtilityTask.tsrtr(config, set, choice).forEach(output::output);
    }
  }

  private static final class ChooseFn
      extends DoFn<KV<String, Iterable<UtilityScore>>, GuidanceChoice> {
    private final Purpose purpose;

    ChooseFn(Purpose purpose) {
      this.purpose = purpose;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<UtilityScore>> scores, OutputReceiver<GuidanceChoice> output) {
      ChooseGuidance.choose(purpose, ImmutableList.copyOf(scores.getValue()))
          .ifPresent(output::output);
    }
  }

  private static final class SumUpFn extends DoFn<KV<String, Iterable<UtilityScore>>, UtilityRow> {
    @ProcessElement
    public void process(
        @Element KV<String, Iterable<UtilityScore>> scores, MultiOutputReceiver output) {
      List<UtilityScore> all = ImmutableList.copyOf(scores.getValue());
      UtilitySummary.rows(all).forEach(output.get(UTILITY)::output);
      UtilitySummary.curves(all).forEach(output.get(CURVES)::output);
      all.stream()
          .flatMap(score -> FitScore.of(score).stream())
          .forEach(output.get(SCORES)::output);
    }
  }
}
