package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Splitter;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.CohortToEvents;
import io.tardiff.cohort.ConceptDictionary;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.Task;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.diffusion.Prediction;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.evaluation.DownstreamTrainer;
import io.tardiff.evaluation.DownstreamTrainer.FittedModel;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.Privacy;
import io.tardiff.evaluation.StudyCohort;
import io.tardiff.evaluation.StudyCohort.Replicates;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.influence.Guidance;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.DenoiserTraining;
import io.tardiff.training.RankingMetrics;
import io.tardiff.training.TarDiffModel;
import io.tardiff.training.TrainModels;
import io.tardiff.training.TrainingConfig;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.values.PCollection;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Compares held-out scores of models fitted to selected samples with those of models fitted to the
 * unselected baseline: as many samples of the same pools. Prints JSON and writes it to {@code
 * study.json}.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=SelectionStudy \
 *     -Dbenchmark.args="cohort=out/cohort model=out/model output=out/study"
 * </pre>
 *
 * <p>Arguments, each {@code name=value}:
 *
 * <ul>
 *   <li>{@code cohort}, {@code output}: directories. Existing results in {@code output} are reused.
 *   <li>{@code model}: directory of a model of that cohort. Default: a model trained in {@code
 *       output}, with the options {@code steps}, {@code batch}, {@code rate} and {@code prediction}
 *       of the denoiser.
 *   <li>{@code features}: classifier whose features are used for selection, {@code gru} or {@code
 *       cnn}, trained in {@code output}. Default: the classifier of the model.
 *   <li>{@code train}, {@code positives}: share of the train windows to use, and share of those
 *       with a label other than 0. If one is below 1, omit {@code model}.
 *   <li>{@code guidance}: guidance of the pools, a rule and scale such as {@code mean_shift-0.01}.
 *       Default: {@code none}.
 *   <li>{@code pools}, {@code seeds}: number of pools, each with its own seed, and number of seeds
 *       of each downstream model. Default: 5 each.
 *   <li>{@code models}: downstream models, separated by +. Default: {@code gru+cnn+logistic}.
 *   <li>{@code settings}: selections to compare, separated by +. A setting is a pool factor,
 *       followed by differences from the defaults: {@code 3}, {@code 10}, {@code 3:train} (target
 *       without tuning), {@code 3:best} (features of that point of the training only), {@code
 *       10:shards=16}, {@code 3:distance=0.5}. Default: {@code 2+3+5+10}.
 *   <li>{@code against}: the {@code output} of an earlier study of the same cohort, whose baseline
 *       is used instead, for example to compare guided pools with unguided ones.
 * </ul>
 *
 * <p>All settings of a pool use its first samples, and so does the baseline, so comparisons are
 * paired. Differences are means over pools of means over seeds, with three 95 % intervals: {@code
 * stays} resamples held-out subjects (other patients), {@code pools} is Student's over pools (other
 * samples of the same model), {@code both} resamples both.
 */
public final class SelectionStudy {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> NAMES =
      new TreeSet<>(
          List.of(
              "against",
              "batch",
              "cohort",
              "features",
              "guidance",
              "model",
              "models",
              "output",
              "pools",
              "positives",
              "prediction",
              "rate",
              "seeds",
              "settings",
              "steps",
              "train"));
  private static final int REPLICATES = StudyCohort.REPLICATES;
  private static final String REAL = "real";
  private static final String BASELINE = "baseline";
  private static final String SCORES = "scores.jsonl";

  private final Map<String, String> options;
  private final Path output;
  private final String cohort;
  private final String model;
  private final String selector;
  private final Guidance guidance;
  private final List<Setting> settings;
  private final int pools;
  private final int seeds;
  private final List<String> models;
  private final StudyCohort real;
  private final Map<String, Score> scores = new HashMap<>();

  /** A selection to compare. */
  private record Setting(String name, double factor, Selection selection) {
    static Setting parse(String text) {
      List<String> words = Splitter.on(':').splitToList(text);
      Selection selection = Selection.herding();
      List<Selection.Point> points = new ArrayList<>();
      for (String word : words.subList(1, words.size())) {
        if (word.equals("train")) {
          selection = selection.withTuning(false);
        } else if (word.startsWith("shards=")) {
          selection = selection.withHerdShards(Integer.parseInt(word.substring(7)));
        } else if (word.startsWith("distance=")) {
          selection = selection.withMinimumDistance(Double.parseDouble(word.substring(9)));
        } else {
          points.add(Selection.Point.of(word));
        }
      }
      return new Setting(
          text,
          Double.parseDouble(words.get(0)),
          points.isEmpty() ? selection : selection.withFeaturesAt(points));
    }

    String directory() {
      return "x" + name.replaceAll("[:=]", "-");
    }
  }

  /** The scores of a fit. */
  private record Score(double[][] heldOut, double tuningAuroc, double tuningAuprc) {}

  private SelectionStudy(Map<String, String> options) {
    this.options = options;
    this.output = Path.of(required("output"));
    this.guidance = guidance(options.getOrDefault("guidance", "none"));
    this.settings =
        Splitter.on('+').splitToList(options.getOrDefault("settings", "2+3+5+10")).stream()
            .map(Setting::parse)
            .toList();
    this.pools = Integer.parseInt(options.getOrDefault("pools", "5"));
    this.seeds = Integer.parseInt(options.getOrDefault("seeds", "5"));
    this.models = Splitter.on('+').splitToList(options.getOrDefault("models", "gru+cnn+logistic"));
    this.cohort = thinned(required("cohort"));
    this.model =
        options.containsKey("model") ? options.get("model") : train("model", "gru", denoiser());
    // Only the classifier of this model is used, so train its denoiser for a single step.
    this.selector =
        options.containsKey("features")
            ? train("selector", options.get("features"), denoiser().withTrainingSteps(1))
            : model;
    this.real = StudyCohort.open(cohort);
  }

  public static void main(String[] arguments) throws Exception {
    new SelectionStudy(Benchmarks.options(NAMES, arguments)).run();
  }

  private void run() throws Exception {
    ObjectNode embedding = MAPPER.createObjectNode();
    Map<String, List<SyntheticSet>> sets = new HashMap<>();
    for (int pool = 1; pool <= pools; pool++) {
      for (Setting setting : settings) {
        List<SyntheticSet> selected = select(setting, pool);
        sets.computeIfAbsent(setting.name(), name -> new ArrayList<>()).add(selected.get(1));
        if (setting.equals(settings.get(0))) {
          sets.computeIfAbsent(BASELINE, name -> new ArrayList<>()).add(selected.get(0));
        }
        for (SyntheticSet set : selected) {
          embedding
              .withObject("/" + setting.name().replace("/", "~1"))
              .withArray(set.equals(selected.get(1)) ? "herding" : "first")
              .add(json(Path.of(set.directory(), SyntheticSet.FILE)).path("embedding_error"));
        }
      }
    }
    score(sets);
    Map<String, Score> against =
        options.containsKey("against") ? read(Path.of(options.get("against"), SCORES)) : Map.of();
    ObjectNode json = Benchmarks.report();
    ObjectNode arguments = json.putObject("arguments");
    options.forEach(arguments::put);
    json.set("train_labels", MAPPER.valueToTree(real.train().counts()));
    json.set("held_out_labels", MAPPER.valueToTree(real.heldOut().counts()));
    json.set("embedding_error", embedding);
    for (String name : models) {
      ObjectNode ofModel = json.withObject("/utility").putObject(name);
      ofModel.set(REAL, means(List.of(fits(scores, REAL, 0, name))));
      List<List<Score>> baselineFits =
          ofPools(against.isEmpty() ? scores : against, BASELINE, name);
      List<Replicates> baseline = replicates(baselineFits);
      List<String> names = new ArrayList<>(List.of(BASELINE));
      settings.forEach(setting -> names.add(setting.name()));
      for (String set : names) {
        List<List<Score>> fits = ofPools(scores, set, name);
        ObjectNode row = means(fits);
        if (!set.equals(BASELINE) || !against.isEmpty()) {
          row.set("gain", gain(replicates(fits), baseline));
          row.set("gain_on_tuning_auprc", tuningGain(fits, baselineFits));
        }
        ofModel.set(set, row);
      }
    }
    sets.forEach((name, ofPools) -> json.withObject("/privacy").set(name, privacy(ofPools)));
    MAPPER.writerWithDefaultPrettyPrinter().writeValue(output.resolve("study.json").toFile(), json);
    Benchmarks.finish(json);
  }

  // The data.

  /** Returns the cohort, or a copy with only a share of its train windows. */
  private String thinned(String full) {
    double train = Double.parseDouble(options.getOrDefault("train", "1"));
    double positives = Double.parseDouble(options.getOrDefault("positives", "1"));
    if (train == 1 && positives == 1) {
      return full;
    }
    checkArgument(
        !options.containsKey("model"), "model must be omitted if train or positives is below 1");
    String directory = output.resolve("cohort").toString();
    if (Files.exists(Path.of(directory, Cohort.FILE))) {
      return directory;
    }
    Cohort source = Cohort.open(full);
    WindowSpec spec = source.spec();
    SplittableRandom random = new SplittableRandom(1);
    Set<String> removed = new TreeSet<>();
    for (EhrWindow window : source.readAll(Split.TRAIN)) {
      double share = window.label() == 0 ? train : train * positives;
      if (random.nextDouble() >= share) {
        removed.add(window.windowId());
      }
    }
    Pipeline pipeline = pipeline();
    PCollection<EhrEvent> events =
        pipeline
            .apply(Create.of(Cohort.open(full)))
            .apply(CohortToEvents.create())
            .apply(Filter.by(new Kept(Set.copyOf(removed))::test));
    List<String> channels = spec.channels().stream().map(WindowSpec.Channel::name).toList();
    CohortConfig config =
        CohortConfig.DEFAULT_CHANNELS.containsAll(channels)
            ? CohortConfig.defaults()
                .withVocabulary(ConceptDictionary.OWN_NAMES)
                .withChannels(channels)
                .withStatics(List.of())
            : BuildSeriesCohort.config(channels, spec.steps(), spec.step(), spec.classes());
    Task task = Task.named("source_label");
    checkArgument(
        spec.classes() == task.classes(), "train and positives are for cohorts of two classes");
    config = config.withTask(task).withWindowSteps(spec.steps()).withStep(spec.step());
    events.apply(BuildCohort.to(directory).withConfig(config));
    pipeline.run().waitUntilFinish();
    return directory;
  }

  private record Kept(Set<String> removed) implements Serializable {
    boolean test(EhrEvent event) {
      return !removed.contains(event.getSubjectId());
    }
  }

  private DenoiserTraining denoiser() {
    DenoiserTraining denoiser = TrainingConfig.defaults().denoiser();
    if (options.containsKey("steps")) {
      denoiser = denoiser.withTrainingSteps(Integer.parseInt(options.get("steps")));
    }
    if (options.containsKey("batch")) {
      denoiser = denoiser.withBatchSize(Integer.parseInt(options.get("batch")));
    }
    if (options.containsKey("prediction")) {
      denoiser =
          denoiser.withNetwork(
              denoiser.network().withPrediction(Prediction.of(options.get("prediction"))));
    }
    if (options.containsKey("rate")) {
      denoiser = denoiser.withLearningRate(Double.parseDouble(options.get("rate")));
    }
    return denoiser;
  }

  private String train(String name, String classifier, DenoiserTraining denoiser) {
    Path directory = output.resolve(name);
    TrainingConfig config =
        TrainingConfig.defaults()
            .withClassifier(ClassifierConfig.forName(classifier))
            .withDenoiser(denoiser);
    Pipeline pipeline = pipeline();
    pipeline
        .apply(Create.of(Cohort.open(cohort)))
        .apply(TrainModels.to(directory.toString()).withConfig(config));
    pipeline.run().waitUntilFinish();
    return directory.toString();
  }

  private SyntheticSet pool(int pool) {
    Path directory = output.resolve("pools/" + pool);
    double largest = settings.stream().mapToDouble(Setting::factor).max().orElseThrow();
    Path set = directory.resolve(guidance.name());
    if (!Files.exists(set.resolve(SyntheticSet.FILE))) {
      Pipeline pipeline = pipeline();
      pipeline
          .apply(Create.of(TarDiffModel.open(model)))
          .apply(
              GenerateSyntheticEhr.to(directory.toString())
                  .withConfig(
                      GenerationConfig.defaults()
                          .withGuidances(List.of(guidance))
                          .withLabels(LabelMix.asTrain().times(largest))
                          .withSeed(1_000 + pool)));
      pipeline.run().waitUntilFinish();
    }
    return SyntheticSet.open(set.toString());
  }

  /** Returns the first samples of a pool, as many as a factor requires. */
  private SyntheticSet part(int pool, double factor) {
    SyntheticSet all = pool(pool);
    Path directory = output.resolve("pools/" + pool + "/first-" + factor);
    Path set = directory.resolve(guidance.name());
    if (!Files.exists(set.resolve(SyntheticSet.FILE))) {
      selectFrom(
          all,
          SelectForTarget.of(model, cohort)
              .to(directory.toString())
              .withSelection(Selection.none())
              .withLabels(LabelMix.asTrain().times(factor)));
    }
    return SyntheticSet.open(set.toString());
  }

  /** Returns the baseline and the selected set. */
  private List<SyntheticSet> select(Setting setting, int pool) {
    Path directory = output.resolve("sets/" + pool + "/" + setting.directory());
    Path set = directory.resolve(SelectionMethod.HERDING.nameOf(guidance.name()));
    if (!Files.exists(set.resolve(SyntheticSet.FILE))) {
      selectFrom(
          part(pool, setting.factor()),
          SelectForTarget.of(selector, cohort)
              .to(directory.toString())
              .withSelection(setting.selection()));
    }
    return List.of(
        SyntheticSet.open(directory.resolve(guidance.name()).toString()),
        SyntheticSet.open(set.toString()));
  }

  private static void selectFrom(SyntheticSet pool, SelectForTarget select) {
    Pipeline pipeline = pipeline();
    pipeline.apply(Create.of(pool)).apply(select);
    pipeline.run().waitUntilFinish();
  }

  private static Pipeline pipeline() {
    // The direct runner's checks of each element would take most of the time.
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(
                "--targetParallelism=2",
                "--enforceImmutability=false",
                "--enforceEncodability=false")
            .create());
  }

  // The scores.

  private void score(Map<String, List<SyntheticSet>> sets) throws Exception {
    Path file = output.resolve(SCORES);
    if (Files.exists(file)) {
      scores.putAll(read(file));
    }
    DownstreamTrainer trainer = EvaluateSyntheticEhr.classifiers();
    ExecutorService workers = Executors.newFixedThreadPool(2);
    List<Future<?>> running = new ArrayList<>();
    submit(workers, running, trainer, file, REAL, 0, real.train());
    for (int pool = 1; pool <= pools; pool++) {
      for (Map.Entry<String, List<SyntheticSet>> entry : sets.entrySet()) {
        SyntheticSet set = entry.getValue().get(pool - 1);
        if (!isScored(entry.getKey(), pool)) {
          submit(workers, running, trainer, file, entry.getKey(), pool, real.read(set));
        }
      }
    }
    for (Future<?> fit : running) {
      fit.get();
    }
    workers.shutdown();
    trainer.close();
  }

  private Map<String, Score> read(Path file) throws IOException {
    Map<String, Score> read = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      JsonNode json = MAPPER.readTree(line);
      double[][] heldOut = MAPPER.convertValue(json.required("held_out"), double[][].class);
      checkArgument(
          heldOut.length == real.heldOut().size(),
          "%s must be from a study of this cohort, was from another",
          file);
      read.put(
          json.required("fit").asText(),
          new Score(
              heldOut,
              json.required("tuning_auroc").asDouble(),
              json.required("tuning_auprc").asDouble()));
    }
    return read;
  }

  private boolean isScored(String set, int pool) {
    return models.stream()
        .allMatch(
            name ->
                IntStream.rangeClosed(1, seeds)
                    .allMatch(seed -> scores.containsKey(key(set, pool, name, seed))));
  }

  private static String key(String set, int pool, String name, int seed) {
    return set + "/" + pool + "/" + name + "/" + seed;
  }

  private void submit(
      ExecutorService workers,
      List<Future<?>> running,
      DownstreamTrainer trainer,
      Path file,
      String set,
      int pool,
      LabelledWindows windows) {
    for (String name : models) {
      for (int i = 1; i <= seeds; i++) {
        int seed = i;
        String key = key(set, pool, name, seed);
        if (!scores.containsKey(key)) {
          running.add(
              workers.submit(
                  () -> {
                    Score score = fit(trainer, name, windows, seed);
                    record(file, key, score);
                    return null;
                  }));
        }
      }
    }
  }

  private Score fit(DownstreamTrainer trainer, String name, LabelledWindows windows, int seed) {
    try (FittedModel fitted =
        trainer.fit(name, windows, real.tuning(), real.train().size(), seed)) {
      double[][] tuning = fitted.probabilities(real.tuning());
      return new Score(
          fitted.probabilities(real.heldOut()),
          RankingMetrics.auroc(tuning, real.tuning().labels()),
          RankingMetrics.auprc(tuning, real.tuning().labels()));
    }
  }

  private synchronized void record(Path file, String key, Score score) throws IOException {
    scores.put(key, score);
    ObjectNode json = MAPPER.createObjectNode();
    json.put("fit", key);
    json.put("tuning_auroc", score.tuningAuroc());
    json.put("tuning_auprc", score.tuningAuprc());
    json.set("held_out", MAPPER.valueToTree(score.heldOut()));
    Files.writeString(
        file,
        MAPPER.writeValueAsString(json) + "\n",
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
    System.err.printf("%s: held_out AUPRC %.3f%n", key, auprc(score));
  }

  // The figures.

  private List<Score> fits(Map<String, Score> of, String set, int pool, String name) {
    return IntStream.rangeClosed(1, seeds)
        .mapToObj(seed -> of.get(key(set, pool, name, seed)))
        .toList();
  }

  private List<List<Score>> ofPools(Map<String, Score> of, String set, String name) {
    return IntStream.rangeClosed(1, pools).mapToObj(pool -> fits(of, set, pool, name)).toList();
  }

  private double auprc(Score score) {
    return RankingMetrics.auprc(score.heldOut(), real.heldOut().labels());
  }

  private double auroc(Score score) {
    return RankingMetrics.auroc(score.heldOut(), real.heldOut().labels());
  }

  /** Returns means over pools of means over seeds, with the standard deviations of both. */
  private ObjectNode means(List<List<Score>> fits) {
    ObjectNode row = MAPPER.createObjectNode();
    put(row, "auroc", fits, this::auroc);
    put(row, "auprc", fits, this::auprc);
    put(row, "tuning_auroc", fits, Score::tuningAuroc);
    put(row, "tuning_auprc", fits, Score::tuningAuprc);
    return row;
  }

  private static void put(
      ObjectNode row, String name, List<List<Score>> fits, ToDoubleFunction<Score> metric) {
    double[] ofPools = perPool(fits, metric);
    ObjectNode json = row.putObject(name);
    json.put("mean", StatUtils.mean(ofPools));
    json.put("sd_over_pools", Math.sqrt(StatUtils.variance(ofPools)));
    json.put(
        "sd_over_seeds",
        Math.sqrt(
            fits.stream()
                .mapToDouble(f -> StatUtils.variance(f.stream().mapToDouble(metric).toArray()))
                .average()
                .orElseThrow()));
    json.set("pools", MAPPER.valueToTree(ofPools));
  }

  private static double[] perPool(List<List<Score>> fits, ToDoubleFunction<Score> metric) {
    return fits.stream()
        .mapToDouble(f -> f.stream().mapToDouble(metric).average().orElseThrow())
        .toArray();
  }

  private List<Replicates> replicates(List<List<Score>> ofPools) {
    return ofPools.stream()
        .map(fits -> real.replicate(fits.stream().map(Score::heldOut).toList()))
        .toList();
  }

  private ObjectNode gain(List<Replicates> ofSet, List<Replicates> baseline) {
    ObjectNode json = MAPPER.createObjectNode();
    json.set("auroc", gain(ofSet, baseline, Replicates::auroc, Replicates::replicatedAuroc));
    json.set("auprc", gain(ofSet, baseline, Replicates::auprc, Replicates::replicatedAuprc));
    return json;
  }

  private ObjectNode gain(
      List<Replicates> ofSet,
      List<Replicates> baseline,
      ToDoubleFunction<Replicates> metric,
      Function<Replicates, double[]> replicated) {
    double[] ofPools = new double[pools];
    double[][] drawn = new double[pools][REPLICATES];
    for (int pool = 0; pool < pools; pool++) {
      ofPools[pool] =
          metric.applyAsDouble(ofSet.get(pool)) - metric.applyAsDouble(baseline.get(pool));
      for (int r = 0; r < REPLICATES; r++) {
        drawn[pool][r] =
            replicated.apply(ofSet.get(pool))[r] - replicated.apply(baseline.get(pool))[r];
      }
    }
    SplittableRandom random = new SplittableRandom(11);
    double[] stays = new double[REPLICATES];
    double[] both = new double[REPLICATES];
    for (int r = 0; r < REPLICATES; r++) {
      for (int pool = 0; pool < pools; pool++) {
        stays[r] += drawn[pool][r] / pools;
        both[r] += drawn[random.nextInt(pools)][r] / pools;
      }
    }
    ObjectNode json = students(ofPools);
    json.set("stays", percentiles(stays));
    json.set("both", percentiles(both));
    return json;
  }

  private ObjectNode tuningGain(List<List<Score>> fits, List<List<Score>> baseline) {
    double[] ofSet = perPool(fits, Score::tuningAuprc);
    double[] ofBaseline = perPool(baseline, Score::tuningAuprc);
    return students(IntStream.range(0, pools).mapToDouble(p -> ofSet[p] - ofBaseline[p]).toArray());
  }

  /** Returns the mean over pools with Student's interval. */
  private ObjectNode students(double[] ofPools) {
    ObjectNode json = MAPPER.createObjectNode();
    double mean = StatUtils.mean(ofPools);
    json.put("mean", mean);
    json.set("of_pools", MAPPER.valueToTree(ofPools));
    if (pools > 1) {
      double half =
          new TDistribution(pools - 1).inverseCumulativeProbability(0.975)
              * Math.sqrt(StatUtils.variance(ofPools) / pools);
      json.set("pools", MAPPER.valueToTree(new double[] {mean - half, mean + half}));
    }
    return json;
  }

  private static JsonNode percentiles(double[] values) {
    Percentile percentile = new Percentile();
    percentile.setData(values);
    return MAPPER.valueToTree(new double[] {percentile.evaluate(2.5), percentile.evaluate(97.5)});
  }

  /** Returns the means of privacy figures over pools. */
  private ObjectNode privacy(List<SyntheticSet> sets) {
    List<Privacy> measured = sets.stream().map(real::privacy).toList();
    Map<String, ToDoubleFunction<Privacy>> figures =
        Map.of(
            "closer_to_train", Privacy::closerToTrain,
            "closer_if_copied", Privacy::closerIfCopied,
            "median_train_distance", Privacy::medianTrainDistance,
            "median_held_out_distance", Privacy::medianHeldOutDistance,
            "median_distance_ratio", Privacy::medianDistanceRatio,
            "near_copies", Privacy::nearCopies,
            "exact_copies", Privacy::exactCopies);
    return MAPPER.valueToTree(
        figures.entrySet().stream()
            .collect(
                Collectors.toMap(
                    Map.Entry::getKey,
                    e -> measured.stream().mapToDouble(e.getValue()).average().orElseThrow())));
  }

  private String required(String name) {
    checkArgument(options.containsKey(name), "argument %s is missing", name);
    return options.get(name);
  }

  private static Guidance guidance(String name) {
    int at = name.indexOf('-');
    return at < 0
        ? Guidance.none()
        : Guidance.of(
            Guidance.Rule.of(name.substring(0, at)), Double.parseDouble(name.substring(at + 1)));
  }

  private static JsonNode json(Path file) {
    try {
      return MAPPER.readTree(file.toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
