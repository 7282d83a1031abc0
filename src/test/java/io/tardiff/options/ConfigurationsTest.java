package io.tardiff.options;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.CaseFormat;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.diffusion.DenoiserConfig;
import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.evaluation.Gate;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.selection.Selection;
import io.tardiff.settings.Problems;
import io.tardiff.settings.Setting;
import io.tardiff.settings.Settings;
import io.tardiff.training.ClassifierTraining;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.TrainingConfig;
import io.tardiff.training.WorkerResources;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compares options, configurations and files: a difference is an option that does nothing, or a
 * setting missing from a hash.
 */
class ConfigurationsTest {
  /** All options that determine configurations. */
  public interface All
      extends SeedOptions,
          CohortOptions,
          SourceOptions,
          DenoiserOptions,
          ClassifierOptions,
          GuidanceOptions,
          SamplingOptions,
          SelectionOptions,
          EvaluationOptions,
          GateOptions,
          ResourceOptions {}

  /** Values other than the defaults, for settings without a numeric or boolean default. */
  private static final Map<String, Object> OTHERS =
      Map.ofEntries(
          Map.entry("accelerator", "type:nvidia-l4;count:1"),
          Map.entry("alphas", "0.5"),
          Map.entry("attention", "0"),
          Map.entry("base", 96),
          Map.entry("baselines", "jitter"),
          Map.entry("blocks", 2),
          Map.entry("channels", "HR"),
          Map.entry("classifier", "cnn"),
          Map.entry("classifierDropout", 0.4),
          Map.entry("classifierInputs", "values_mask"),
          Map.entry("classifierLearningRateSchedule", "cosine"),
          Map.entry("classifierStopBy", "auprc"),
          Map.entry("concepts", "samples/cinc2019.yaml"),
          Map.entry("denoiser", "tiny"),
          Map.entry("discriminators", "gru"),
          Map.entry("evaluationModels", "cnn"),
          Map.entry("guidanceAt", "3"),
          Map.entry("guidanceOver", "balanced"),
          Map.entry("heads", 8),
          Map.entry("imputation", "mean"),
          Map.entry("unlabelled", "train"),
          Map.entry("loss", "l1"),
          Map.entry("missingness", "masks"),
          Map.entry("multipliers", "1,2,3"),
          Map.entry("noiseSchedule", "cosine"),
          Map.entry("normalisation", "quantile"),
          Map.entry("prediction", "velocity"),
          Map.entry("purpose", "augment"),
          Map.entry("selectionFeatures", "best"),
          Map.entry("selectionTarget", "train"),
          Map.entry("split", "50,25,25"),
          Map.entry("stepMinutes", 30),
          Map.entry("steps", 24),
          Map.entry("task", "icu_stay"),
          Map.entry("trainLabels", "0.5"),
          Map.entry("vocabulary", "mimic4"),
          Map.entry("workerMemory", "16GB"));

  /** Properties without a setting, with the reason. */
  private static final Map<String, String> WITHOUT_SETTING =
      Map.ofEntries(
          Map.entry("CohortConfig.statics", "all of the dictionary, by default"),
          Map.entry("CohortConfig.dictionary", "set by concepts, a file"),
          Map.entry("CohortConfig.maxObservations", "a limit that protects workers"),
          Map.entry("GenerationConfig.guidances", "combined from rules and scales"),
          Map.entry("GenerationConfig.labels", "combined from labels and count"),
          Map.entry("GenerationConfig.numShards", "affects files, not samples"),
          Map.entry("Selection.method", "the settings are those of herding"),
          Map.entry("EvaluationConfig.protocols", "a report needs all three"),
          Map.entry("EvaluationConfig.tsrtrSets", "each set costs many fits"));

  /**
   * Settings of a network's size, which depend on each other: heads divide the channels of every
   * level.
   */
  private static final List<String> OF_A_SIZE =
      List.of("base", "heads", "multipliers", "attention");

  private static Object other(String name, String text, Option option) {
    if (OTHERS.containsKey(name)) {
      return OTHERS.get(name);
    }
    if (text.equals("true") || text.equals("false")) {
      return text.equals("false");
    }
    double number = Double.parseDouble(text);
    if (option != null) {
      return option.type() == Double.class
          ? (Object) (number == 0 ? 0.5 : number / 2)
          : option.type() == Long.class
              ? (Object) ((long) number + 1)
              : (Object) ((int) number + 1);
    }
    return text.contains(".") ? (Object) (number / 2) : (Object) ((int) number + 1);
  }

  private static <C> C changed(Settings<C> settings, C defaults, Setting<C> setting) {
    Option option = OptionCatalogue.of(All.class).find(setting.name()).orElse(null);
    String text = settings.defaultOf(setting.name()).orElse("0");
    return setting.with(defaults, other(setting.name(), text, option));
  }

  static Stream<Arguments> configurations() {
    return Stream.of(
        Arguments.of(CohortConfig.class, CohortConfig.settings(), CohortConfig.defaults()),
        Arguments.of(TrainingConfig.class, TrainingConfig.settings(), TrainingConfig.defaults()),
        Arguments.of(
            DenoiserTraining.class, DenoiserTraining.settings(), DenoiserTraining.defaults()),
        Arguments.of(
            ClassifierTraining.class, ClassifierTraining.settings(), ClassifierTraining.defaults()),
        Arguments.of(
            ClassifierConfig.class,
            ClassifierConfig.settings(),
            ClassifierTraining.defaults().network()),
        Arguments.of(
            DenoiserConfig.class, DenoiserConfig.settings(), DenoiserConfig.preset("small")),
        Arguments.of(
            GenerationConfig.class, GenerationConfig.settings(), GenerationConfig.defaults()),
        Arguments.of(Selection.class, Selection.settings(), Selection.herding()),
        Arguments.of(
            EvaluationConfig.class, EvaluationConfig.settings(), EvaluationConfig.defaults()),
        Arguments.of(Gate.class, Gate.settings(), Gate.none()),
        Arguments.of(WorkerResources.class, WorkerResources.settings(), WorkerResources.any()));
  }

  @ParameterizedTest
  @MethodSource("configurations")
  <C> void everyPropertyHasASetting(Class<C> type, Settings<C> settings, C defaults)
      throws Exception {
    Set<String> unreached = new TreeSet<>();
    for (Method property : type.getDeclaredMethods()) {
      if (!Modifier.isAbstract(property.getModifiers())
          || property.getParameterCount() > 0
          || property.getName().equals("toBuilder")) {
        continue;
      }
      property.setAccessible(true);
      boolean reached = false;
      for (Setting<C> setting : settings.all()) {
        if (!setting.name().equals("concepts")) {
          Object before = property.invoke(defaults);
          Object after = property.invoke(changed(settings, defaults, setting));
          reached |= before == null ? after != null : !before.equals(after);
        }
      }
      if (!reached) {
        unreached.add(type.getSimpleName() + "." + property.getName());
      }
    }
    unreached.removeAll(WITHOUT_SETTING.keySet());
    assertThat(unreached, is(empty()));
  }

  /** In the ledger, or in the file with the fit of moment guidance. */
  private static final Set<String> ELSEWHERE =
      Set.of("seed", "momentRounds", "momentPilot", "softLabels", "softLabelWeight");

  static Stream<Arguments> inFiles() {
    List<Class<?>> written =
        List.of(DenoiserTraining.class, ClassifierTraining.class, GenerationConfig.class);
    return configurations().filter(arguments -> written.contains((Class<?>) arguments.get()[0]));
  }

  /** Model files and the hash of a sampler are derived from the settings in files. */
  @ParameterizedTest
  @MethodSource("inFiles")
  <C> void filesHoldEverySettingThatAffectsResults(
      Class<C> type, Settings<C> settings, C defaults) {
    for (Setting<C> setting : settings.all()) {
      C changed = changed(settings, defaults, setting);
      boolean differs = !settings.toJson(changed).equals(settings.toJson(defaults));
      assertThat(
          type.getSimpleName() + " " + setting.name(),
          differs,
          is(!setting.isOperational() && !ELSEWHERE.contains(setting.name())));
      if (differs && !OF_A_SIZE.contains(setting.name())) {
        assertThat(setting.name(), settings.fromJson(settings.toJson(changed)), is(changed));
        assertThat(setting.name(), changed, is(not(defaults)));
      }
    }
  }

  @Test
  void runIdDependsOnEverySettingThatAffectsResults() {
    TrainingConfig defaults = TrainingConfig.defaults();
    for (Setting<TrainingConfig> setting : TrainingConfig.settings().all()) {
      boolean differs =
          !changed(TrainingConfig.settings(), defaults, setting)
              .runId("cohort")
              .equals(defaults.runId("cohort"));
      assertThat(setting.name(), differs, is(!setting.isOperational()));
    }
    // The ids of existing models, which must be found again: of the defaults, and of earlier ones.
    assertThat(defaults.runId("cohort"), is("e07f2509b3f0724e"));
    ClassifierTraining earlier =
        defaults.classifier().withStopBy(ClassifierTraining.StopBy.AUPRC).withAverageDecay(0);
    assertThat(defaults.withClassifier(earlier).runId("cohort"), is("5a4de6800142b338"));
  }

  /** Files of earlier versions lack settings that came later. */
  @Test
  void filesLeaveOutWhatEarlierVersionsDid() {
    DenoiserTraining filled =
        DenoiserTraining.defaults().withMissingness(DenoiserTraining.Missingness.FILLED);
    DenoiserTraining masks = filled.withMissingness(DenoiserTraining.Missingness.MASKS);

    ObjectNode json = DenoiserTraining.settings().toJson(filled);
    assertThat(json.has("missingness"), is(false));
    assertThat(DenoiserTraining.settings().fromJson(json), is(filled));
    json = DenoiserTraining.settings().toJson(masks);
    assertThat(json.get("missingness").asText(), is("masks"));
    assertThat(DenoiserTraining.settings().fromJson(json), is(masks));
  }

  /** The defaults shown in help and pages are those used. */
  @Test
  void settingTheDefaultsChangesNothing() {
    All none = PipelineOptionsFactory.as(All.class);
    All all = PipelineOptionsFactory.as(All.class);
    Map<String, String> given = new TreeMap<>();
    for (Option option : OptionCatalogue.of(All.class).all()) {
      option.defaultValue().ifPresent(value -> given.put(option.name(), value));
    }
    assertThat(given.size() > 30, is(true));
    String[] arguments =
        given.entrySet().stream()
            .map(option -> "--" + option.getKey() + "=" + option.getValue())
            .toArray(String[]::new);
    all = PipelineOptionsFactory.fromArgs(arguments).as(All.class);
    Problems problems = Problems.ofOptions();
    assertThat(Configurations.training(all, problems), is(Configurations.training(none, problems)));
    assertThat(
        Configurations.generation(all, problems), is(Configurations.generation(none, problems)));
    assertThat(
        Configurations.evaluation(all, problems), is(Configurations.evaluation(none, problems)));
    assertThat(Configurations.herding(all, problems), is(Configurations.herding(none, problems)));
    assertThat(Configurations.cohort(all, problems), is(Configurations.cohort(none, problems)));
    assertThat(problems.list(), is(empty()));
    assertThat(TrainingConfig.defaults(), is(Configurations.training(none, problems)));
  }

  /** An option that neither sets a setting nor is combined into one would do nothing. */
  @Test
  void everyOptionDoesSomething() {
    Set<String> settings = new TreeSet<>();
    OptionCatalogue.SETTINGS.forEach(
        list -> list.all().forEach(setting -> settings.add(setting.name())));
    Set<String> combined =
        Set.of(
            "guidanceRules",
            "guidanceScales",
            "interpolationScales",
            "momentScales",
            "sampler",
            "sampleLabels",
            "count",
            "selection",
            "poolFactor",
            "testCohorts");
    Set<String> ofSources = new TreeSet<>();
    for (Option option : OptionCatalogue.of(SourceOptions.class).all()) {
      ofSources.add(option.name());
    }
    List<String> idle =
        OptionCatalogue.of(All.class).all().stream()
            .map(Option::name)
            .filter(name -> !settings.contains(name))
            .filter(name -> !combined.contains(name))
            .filter(name -> !ofSources.contains(name))
            .toList();
    assertThat(idle, is(empty()));
  }

  @Test
  void rejectionsNameSettingRuleAndValue() {
    All options =
        PipelineOptionsFactory.fromArgs(
                "--emaDecay=1", "--samplingSteps=0", "--steps=0", "--channels=HR,Pulse")
            .as(All.class);
    Problems ofOptions = Problems.ofOptions();
    Configurations.training(options, ofOptions);
    Configurations.generation(options, ofOptions);
    Configurations.cohort(options, ofOptions);
    assertThat(
        ofOptions.list().subList(0, 3),
        is(
            List.of(
                "--emaDecay must be at least 0 and below 1, was 1.0",
                "--samplingSteps must be at least 1, was 0",
                "--steps must be from 1 to 100000, was 0")));
    assertThat(
        ofOptions.list().get(3).startsWith("--channels must be in the concept dictionary"),
        is(true));
    Problems ofFields = Problems.ofFields();
    Configurations.training(options, ofFields);
    assertThat(ofFields.list(), is(List.of("ema_decay must be at least 0 and below 1, was 1.0")));
  }

  @Test
  void fieldsAreOptionsInSnakeCase() {
    for (Option option : OptionCatalogue.of(All.class).all()) {
      assertThat(
          option.field(),
          is(CaseFormat.LOWER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, option.name())));
    }
    assertThat(
        Optional.of("0.0005"),
        is(OptionCatalogue.of(All.class).find("learningRate").get().defaultValue()));
  }
}
