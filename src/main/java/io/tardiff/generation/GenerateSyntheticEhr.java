package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.auto.value.AutoValue;
import com.google.common.collect.ArrayListMultimap;
import com.google.common.collect.ListMultimap;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Manifest;
import io.tardiff.files.Shard;
import io.tardiff.influence.Guidance;
import io.tardiff.progress.DisplayItems;
import io.tardiff.synthetic.GeneratedSample;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SoftLabels;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.synthetic.WriteSyntheticSets;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Draws synthetic, labelled windows from a trained model: one {@link SyntheticSet} per guidance.
 *
 * <pre>{@code
 * GenerationConfig config =
 *     GenerationConfig.defaults()
 *         .withLabels(LabelMix.balanced().withTotal(10_000))
 *         .withGuidances(List.of(Guidance.none(), Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03)));
 * PCollection<TarDiffModel> model = cohort.apply("Train", TrainModels.to("gs://bucket/run/model"));
 * PCollection<SyntheticSet> sets =
 *     model.apply("Generate", GenerateSyntheticEhr.to("gs://bucket/run/synthetic").withConfig(config));
 * PCollection<SyntheticSample> samples = sets.apply("Read samples", ReadSynthetic.samples());
 * }</pre>
 *
 * <p>Input: one {@link TarDiffModel}. Each set is a directory {@code <output>/<guidance>} such as
 * {@code mean_shift-0.03}, with {@code samples-*.avro} and {@code ledger-*.avro}; its {@code
 * set.json} and {@code manifest.json} are written, and the set emitted, when all of it is there.
 * Metrics: {@code tardiff.generation/samples}, {@code samplesNotFinite}, {@code
 * millisecondsPerBatch}, {@code samplesPerSecond} (of one worker thread, for its last batch) and
 * {@code pilotSamples}.
 *
 * <p>Rules that {@linkplain Guidance.Rule#matchesMoments match moments} are fitted before sampling,
 * in rounds that draw pilots ({@link GenerationConfig#momentRounds}); they need {@link
 * #withCohort}. The fit is {@code moments.json} in the set.
 *
 * <p>With {@link GenerationConfig#softLabels}, which needs {@link #withCohort} too, a teacher is
 * fitted before sampling, classifier by classifier in parallel, and gives every sample a soft label
 * beside its hard one: {@link io.tardiff.synthetic.SoftLabels} describes them and is in each set,
 * with the weights of the teacher. Metric: {@code teacherFits}.
 *
 * <p>The records depend only on the model, the configuration and the seed, not on the runner, its
 * workers or retried bundles.
 */
@AutoValue
public abstract class GenerateSyntheticEhr
    extends PTransform<PCollection<TarDiffModel>, PCollection<SyntheticSet>> {

  abstract String directory();

  abstract String cohort();

  abstract GenerationConfig config();

  /** Writes sets under {@code directory}, drawn with {@link GenerationConfig#defaults()}. */
  public static GenerateSyntheticEhr to(String directory) {
    return new AutoValue_GenerateSyntheticEhr(directory, "", GenerationConfig.defaults());
  }

  public GenerateSyntheticEhr withConfig(GenerationConfig config) {
    return new AutoValue_GenerateSyntheticEhr(directory(), cohort(), config);
  }

  /**
   * Sets the directory of the cohort that the model is trained on; rules that match its moments and
   * soft labels need it.
   */
  public GenerateSyntheticEhr withCohort(String directory) {
    return new AutoValue_GenerateSyntheticEhr(directory(), directory, config());
  }

  @Override
  public PCollection<SyntheticSet> expand(PCollection<TarDiffModel> model) {
    List<PCollectionView<?>> sideInputs = new ArrayList<>();
    Map<Guidance.Rule, PCollectionView<Moments>> moments = new EnumMap<>(Guidance.Rule.class);
    for (Guidance.Rule rule : config().fittedRules()) {
      checkArgument(
          !cohort().isEmpty(),
          "withCohort(directory) must be called for the guidance rule %s, which matches its"
              + " windows",
          rule.label());
      String name = rule == Guidance.Rule.MOMENT ? "moments" : rule.label();
      PCollectionView<Moments> fitted =
          model
              .apply("Fit " + name, new FitMoments(cohort(), config(), rule))
              .apply("Fitted " + name, View.asSingleton());
      moments.put(rule, fitted);
      sideInputs.add(fitted);
    }
    PCollectionView<Teacher> teacher = null;
    if (config().softLabels() > 0) {
      checkArgument(
          !cohort().isEmpty(),
          "withCohort(directory) must be called for soft labels, whose teacher is fitted to its"
              + " windows");
      teacher =
          model
              .apply("Fit teacher", new FitTeacher(cohort(), config()))
              .apply("Teacher", View.asSingleton());
      sideInputs.add(teacher);
    }
    PCollection<GeneratedSample> samples =
        model
            .apply("Plan batches", ParDo.of(new PlanFn(config())))
            .apply("Spread over workers", Reshuffle.viaRandomKey())
            .apply(
                "Sample",
                config()
                    .resources()
                    .parDo(
                        new GuidedSamplingFn(config(), moments, teacher), List.copyOf(sideInputs)))
            .setCoder(new GeneratedSample.Coder());
    PCollectionView<TarDiffModel> modelView = model.apply("Model", View.asSingleton());
    sideInputs.add(modelView);
    return samples
        .apply("Write", WriteSyntheticSets.to(directory(), config().numShards()))
        .apply(
            "Finish sets",
            ParDo.of(new FinishFn(config(), directory(), modelView, moments, teacher))
                .withSideInputs(sideInputs));
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  /** Splits the samples to draw into batches. */
  private static final class PlanFn extends DoFn<TarDiffModel, KV<String, SampleBatch>> {
    private final GenerationConfig config;

    PlanFn(GenerationConfig config) {
      this.config = config;
    }

    @ProcessElement
    public void process(@Element TarDiffModel model, OutputReceiver<KV<String, SampleBatch>> out) {
      long[] counts = config.labels().resolve(model.trainLabels());
      for (Guidance guidance : config.guidances()) {
        for (SampleBatch batch : SampleBatch.plan(guidance, counts, config.samplingBatch())) {
          out.output(KV.of(model.directory(), batch));
        }
      }
    }
  }

  /** Checks the number of samples of each set, and marks the sets as complete. */
  private static final class FinishFn extends DoFn<KV<String, Iterable<Shard>>, SyntheticSet> {
    private final GenerationConfig config;
    private final String directory;
    private final PCollectionView<TarDiffModel> model;
    private final Map<Guidance.Rule, PCollectionView<Moments>> moments;
    private final @Nullable PCollectionView<Teacher> teacher;
    private final Counter sets = Metrics.counter("tardiff.generation", "sets");

    FinishFn(
        GenerationConfig config,
        String directory,
        PCollectionView<TarDiffModel> model,
        Map<Guidance.Rule, PCollectionView<Moments>> moments,
        @Nullable PCollectionView<Teacher> teacher) {
      this.config = config;
      this.directory = directory;
      this.model = model;
      this.moments = moments;
      this.teacher = teacher;
    }

    @ProcessElement
    public void process(
        ProcessContext context,
        @Element KV<String, Iterable<Shard>> files,
        OutputReceiver<SyntheticSet> out)
        throws IOException {
      long expected = 0;
      TarDiffModel opened = context.sideInput(model);
      for (long count : config.labels().resolve(opened.trainLabels())) {
        expected += count;
      }
      Map<String, Long> written = new LinkedHashMap<>();
      ListMultimap<String, Shard> shards = ArrayListMultimap.create();
      for (Shard file : files.getValue()) {
        for (Guidance guidance : config.guidances()) {
          String inSet = guidance.name() + "/" + file.entry().file();
          if (file.getPath().equals(AtomicFile.resolve(directory, inSet))) {
            shards.put(guidance.name(), file);
          }
          String samples =
              AtomicFile.resolve(directory, guidance.name() + "/" + SyntheticWindows.SAMPLES);
          if (file.getPath().startsWith(samples)) {
            written.merge(guidance.name(), file.getCount(), Long::sum);
          }
        }
      }
      Teacher fitted = teacher == null ? null : context.sideInput(teacher);
      SoftLabels softLabels =
          fitted == null ? null : GuidedSamplingFn.softLabels(config, opened, fitted);
      for (Guidance guidance : config.guidances()) {
        long count = written.getOrDefault(guidance.name(), 0L);
        if (count != expected) {
          throw new IllegalStateException(
              String.format(
                  "set %s holds %d of %d samples, the others were not finite: use a smaller"
                      + " guidance scale",
                  guidance.name(), count, expected));
        }
        SyntheticSet set =
            SyntheticSet.of(
                    AtomicFile.resolve(directory, guidance.name()),
                    guidance,
                    SelectionMethod.NONE,
                    count,
                    count,
                    opened.spec())
                .withMasks(opened.isMasked())
                .withStatics(opened.hasStatics())
                .withSoftLabels(softLabels)
                .withSampler(GenerationConfig.settings().toJson(config).toString());
        List<Manifest.Entry> entries = new ArrayList<>();
        shards.get(guidance.name()).forEach(shard -> entries.add(shard.entry()));
        if (guidance.rule().matchesMoments()) {
          entries.add(
              Manifest.Entry.writeText(
                  AtomicFile.resolve(set.directory(), Moments.FILE),
                  context.sideInput(moments.get(guidance.rule())).text()));
        }
        for (int fit = 0; fitted != null && fit < fitted.weights().size(); fit++) {
          byte[] weights = fitted.weights().get(fit);
          entries.add(
              Manifest.Entry.write(
                  AtomicFile.resolve(set.directory(), softLabels.files().get(fit)),
                  file -> file.write(weights)));
        }
        set.finish(entries, opened.files().lineage(), Map.of());
        sets.inc();
        out.output(set);
      }
    }
  }
}
