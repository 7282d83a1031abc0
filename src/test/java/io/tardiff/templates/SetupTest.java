package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.tardiff.cohort.CohortConfig;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.Guidance;
import io.tardiff.options.Configurations;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Options become configurations: none is lost, and every problem is reported by name. */
class SetupTest {
  private final Problems problems = Problems.ofOptions();

  private static TarDiffOptions options(String... arguments) {
    return PipelineOptionsFactory.fromArgs(arguments).as(TarDiffOptions.class);
  }

  /** Creates all configurations, which adds their problems, and returns that of generation. */
  private Generation generation(String... arguments) {
    TarDiffOptions options = options(arguments);
    Configurations.cohort(options, problems);
    Configurations.training(options, problems);
    Generation generation = Generation.of(options, problems);
    Configurations.evaluation(options, problems);
    return generation;
  }

  @Test
  void defaultsAreThoseOfTheLibrary() {
    TarDiffOptions options = options();
    assertThat(Configurations.training(options, problems), is(TrainingConfig.defaults()));
    assertThat(Configurations.evaluation(options, problems), is(EvaluationConfig.defaults()));
    GenerationConfig generation = Configurations.generation(options, problems);
    assertThat(
        generation.withGuidances(GenerationConfig.defaults().guidances()),
        is(GenerationConfig.defaults()));
    CohortConfig cohort = Configurations.cohort(options, problems);
    CohortConfig library = CohortConfig.defaults();
    assertThat(cohort.withDictionary(library.dictionary()), is(library));
    assertThat(problems.list(), is(empty()));
  }

  /** {@code ConfigurationsTest} covers the options that set a single setting. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--guidanceRules=interpolation",
        "--purpose=augment",
        "--guidanceRules=moment",
        "--guidanceRules=candidates",
        "--sampler=ddpm",
        "--sampleLabels=balanced",
        "--count=12",
        "--selection=none",
        "--savedModel=true",
        "--export=npy"
      })
  void optionWithoutSettingHasAnEffect(String option) {
    assertThat(generation(option), is(not(generation())));
    assertThat(problems.list(), is(empty()));
  }

  @Test
  void poolFactorHasAnEffect() {
    assertThat(
        generation("--selection=herding", "--poolFactor=2"),
        is(not(generation("--selection=herding"))));
    assertThat(problems.list(), is(empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--steps=0",
        "--stepMinutes=0",
        "--channels=HR,HR",
        "--channels=Mood",
        "--concepts=/no/such/file.yaml",
        "--split=50,50",
        "--split=80,30,-10",
        "--split=a,b,c",
        "--windowShards=0",
        "--trainingSteps=0",
        "--batchSize=0",
        "--learningRate=0",
        "--emaDecay=1",
        "--unlabelled=maybe",
        "--labelDropout=1",
        "--labelDropout=-0.1",
        "--labelGuidance=0",
        "--labelGuidance=101",
        "--noiseSteps=1",
        "--checkpointSeconds=0",
        "--classifierEpochs=0",
        "--guidanceScales=-1",
        "--guidanceScales=0.1,0.1",
        "--guidanceScales=much",
        "--guidanceScales=0",
        "--interpolationScales=2",
        "--interpolationScales=0",
        "--momentScales=0",
        "--momentScales=1,1",
        "--momentRounds=51",
        "--momentPilot=15",
        "--candidates=1",
        "--candidates=65",
        "--softLabels=-1",
        "--softLabels=101",
        "--guidanceAt=0",
        "--guidanceAt=worst",
        "--samplingSteps=0",
        "--eta=1.5",
        "--sampleLabels=some",
        "--sampleLabels=0=-1",
        "--count=0",
        "--samplingBatch=0",
        "--evaluationSeeds=0",
        "--alphas=0",
        "--alphas=",
        "--accelerator=nvidia-l4",
        "--workerMemory=16"
      })
  void everyInvalidValueIsReportedByTheNameOfItsOption(String option) {
    String name = option.substring(0, option.indexOf('='));
    generation(option, "--guidanceRules=mean_shift,interpolation,candidates");
    assertThat(problems.list(), contains(startsWith(name)));
  }

  @Test
  void allProblemsAreReported() {
    generation("--steps=0", "--batchSize=0", "--samplingSteps=0", "--alphas=-1");
    assertThat(
        problems.list(),
        contains(
            startsWith("--steps must be"),
            startsWith("--batchSize must be at least 1, was 0"),
            startsWith("--samplingSteps must be at least 1, was 0"),
            startsWith("--alphas must be greater than 0")));
  }

  @Test
  void theUnguidedSetCanBeTheOnlyOne() {
    assertThat(
        Configurations.generation(options("--guidanceRules=none"), problems).guidances(),
        contains(Guidance.none()));
    assertThat(problems.isEmpty(), is(true));
    Configurations.generation(options("--guidanceRules=none,mean_shift"), problems);
    assertThat(problems.list(), contains(startsWith("--guidanceRules must be either none or")));
  }

  @Test
  void theUnguidedSetComesFirstAndEveryRuleIsCombinedWithItsScales() {
    GenerationConfig config =
        Configurations.generation(
            options(
                "--purpose=augment",
                "--guidanceScales=0.01,0.1",
                "--interpolationScales=0.00001,0.001"),
            problems);
    assertThat(
        config.guidances(),
        contains(
            Guidance.none(),
            Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.01),
            Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.1),
            Guidance.of(Guidance.Rule.INTERPOLATION, 0.00001),
            Guidance.of(Guidance.Rule.INTERPOLATION, 0.001)));
  }

  @Test
  void purposeDecidesRulesAndSelection() {
    assertThat(
        Configurations.generation(options(), problems).guidances(), contains(Guidance.none()));
    assertThat(Configurations.selection(options(), problems), is(Selection.herding()));
    assertThat(
        Configurations.selection(options("--purpose=augment"), problems), is(Selection.none()));
    assertThat(
        Configurations.generation(options("--purpose=augment"), problems).guidances().stream()
            .map(Guidance::rule)
            .distinct()
            .toList(),
        contains(Guidance.Rule.NONE, Guidance.Rule.MEAN_SHIFT, Guidance.Rule.INTERPOLATION));
    assertThat(
        Configurations.generation(options("--purpose=augment", "--guidanceRules=moment"), problems)
            .guidances(),
        contains(Guidance.none(), Guidance.of(Guidance.Rule.MOMENT, 1)));
    assertThat(problems.list(), is(empty()));
  }

  @Test
  void scalesOfOtherRulesAreRejected() {
    Configurations.generation(options("--guidanceScales=0.5"), problems);
    Configurations.generation(options("--interpolationScales=0.5"), problems);
    Configurations.generation(options("--purpose=augment", "--momentScales=2"), problems);
    assertThat(
        problems.list(),
        contains(
            "--guidanceScales must not be set unless --guidanceRules has mean_shift",
            "--interpolationScales must not be set unless --guidanceRules has interpolation",
            "--momentScales must not be set unless --guidanceRules has moment or candidates"));
  }

  @Test
  void momentsHaveTheirScalesAndRounds() {
    GenerationConfig config =
        Configurations.generation(
            options(
                "--guidanceRules=moment",
                "--momentScales=0.5,1",
                "--momentRounds=3",
                "--momentPilot=64"),
            problems);
    assertThat(problems.list(), is(empty()));
    assertThat(
        config.guidances(),
        contains(
            Guidance.none(),
            Guidance.of(Guidance.Rule.MOMENT, 0.5),
            Guidance.of(Guidance.Rule.MOMENT, 1)));
    assertThat(config.momentRounds(), is(3));
    assertThat(config.momentPilot(), is(64));

    Configurations.generation(options("--guidanceRules=none", "--momentPilot=64"), problems);
    assertThat(
        problems.list(),
        contains("--momentPilot must not be set unless --guidanceRules has moment or candidates"));
  }

  @Test
  void candidatesHaveTheirNumber() {
    GenerationConfig config =
        Configurations.generation(
            options("--guidanceRules=candidates", "--candidates=8"), problems);
    assertThat(problems.list(), is(empty()));
    assertThat(
        config.guidances(), contains(Guidance.none(), Guidance.of(Guidance.Rule.CANDIDATES, 1)));
    assertThat(config.candidates(), is(8));

    Configurations.generation(options("--guidanceRules=moment", "--candidates=8"), problems);
    assertThat(
        problems.list(),
        contains("--candidates must not be set unless --guidanceRules has candidates"));
  }

  @Test
  void recordingsHaveNoUnknownLabels() {
    Ingestion.of(options("--source=medformer", "--input=/data", "--unlabelled=train"), problems);
    assertThat(
        problems.list(),
        hasItem(
            "--unlabelled must be drop if --source is medformer, whose recordings all have a label"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--unknownOutcomes=-0.1", "--unknownOutcomes=1.5"})
  void unknownOutcomesAreAShare(String option) {
    Ingestion.of(options("--source=simulated", option), problems);
    assertThat(
        problems.list(),
        contains("--unknownOutcomes must be from 0 to 1, was " + option.replaceFirst(".*=", "")));
  }

  @Test
  void softLabelsHaveAWeight() {
    GenerationConfig config =
        Configurations.generation(options("--softLabels=4", "--softLabelWeight=0.25"), problems);
    assertThat(problems.list(), is(empty()));
    assertThat(config.softLabels(), is(4));
    assertThat(config.softLabelWeight(), is(0.25));

    Configurations.generation(options("--softLabelWeight=0.25"), problems);
    assertThat(
        problems.list(),
        contains("--softLabelWeight must not be set unless --softLabels is above 0"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--softLabelWeight=1.5", "--softLabelWeight=-0.5"})
  void weightsOfTheTeacherAreFromZeroToOne(String option) {
    Configurations.generation(options("--softLabels=4", option), problems);
    assertThat(
        problems.list(),
        contains("--softLabelWeight must be from 0 to 1, was " + option.replaceFirst(".*=", "")));
  }

  @Test
  void softLabelsNeedTheCohort() {
    assertThat(generation("--selection=none", "--softLabels=1").needsCohort(), is(true));
    assertThat(generation("--selection=none").needsCohort(), is(false));
  }

  @Test
  void labelsMayBeCounts() {
    assertThat(
        Configurations.generation(options("--sampleLabels=0=100,1=50"), problems).labels(),
        is(LabelMix.counts(Map.of(0, 100L, 1, 50L))));
  }

  @Test
  void ddpmFixesEtaAndVarianceCorrection() {
    GenerationConfig config = Configurations.generation(options("--sampler=ddpm"), problems);
    assertThat(config.eta(), is(1.0));
    assertThat(config.varianceCorrection(), is(false));
    Configurations.generation(options("--sampler=ddpm", "--eta=0.5"), problems);
    assertThat(
        problems.list(),
        contains("--eta and --varianceCorrection must not be set if --sampler is ddpm"));
  }

  @Test
  void inputIsRequiredUnlessTheSourceIsSimulated() {
    Ingestion.of(options("--source=physionet2012"), problems);
    Ingestion.of(options("--source=simulated", "--input=/data"), problems);
    assertThat(
        problems.list(),
        contains(
            "--input=directory is required if --source is physionet2012",
            "--input must not be set if --source is simulated"));
  }

  @Test
  void theSourceIsCheckedWithTheRest() {
    Ingestion.of(
        options("--source=simulated", "--stays=0", "--deadLetterThreshold=2", "--steps=0"),
        problems);
    assertThat(
        problems.list(),
        contains(
            startsWith("--stays must be at least 1, was 0"),
            startsWith("--deadLetterThreshold must be from 0 to 1, was 2.0"),
            startsWith("--steps must be")));
  }

  @Test
  void conceptsAddChannels(@TempDir Path directory) throws IOException {
    Path file =
        Files.write(
            directory.resolve("more.yaml"),
            List.of("concepts:", "  CVP: {unit: mmHg, aggregate: mean, range: [-10, -5, 40, 60]}"));
    CohortConfig config =
        Configurations.cohort(options("--concepts=" + file, "--channels=HR,CVP"), problems);
    assertThat(problems.list(), is(empty()));
    assertThat(config.spec().channels().get(1).unit(), is("mmHg"));
  }

  @Test
  void optionsOfHerdingNeedHerdingAndAreChecked() {
    Generation.of(
        options(
            "--selection=none",
            "--poolFactor=2",
            "--selectionFeatures=best",
            "--selectionTarget=train",
            "--fourierFeatures=64",
            "--herdShards=2",
            "--minimumDistance=0.5"),
        problems);
    Generation.of(options("--selection=herding", "--poolFactor=0.5"), problems);
    Generation.of(
        options(
            "--selection=herding",
            "--selectionTarget=tuning",
            "--fourierFeatures=1",
            "--herdShards=-1",
            "--minimumDistance=-2"),
        problems);
    assertThat(
        problems.list(),
        contains(
            "--fourierFeatures must not be set unless --selection is herding",
            "--herdShards must not be set unless --selection is herding",
            "--minimumDistance must not be set unless --selection is herding",
            "--poolFactor must not be set unless --selection is herding",
            "--selectionFeatures must not be set unless --selection is herding",
            "--selectionTarget must not be set unless --selection is herding",
            "--poolFactor must be at least 1, was 0.5",
            "--selectionTarget must be train or train,tuning, was tuning",
            "--fourierFeatures must be from 8 to 65536, was 1",
            "--herdShards must be from 0 to 10000, was -1",
            "--minimumDistance must be finite and at least 0, was -2.0"));
  }
}
