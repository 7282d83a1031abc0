package io.tardiff.generation;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Split;
import io.tardiff.progress.SharedProgress;
import io.tardiff.sharing.SharedInstances;
import io.tardiff.tensorflow.Seeds;
import io.tardiff.tensorflow.TensorFlowLibrary;
import io.tardiff.training.ClassifierPool;
import io.tardiff.training.CohortWindows;
import io.tardiff.training.FittedClassifier;
import io.tardiff.training.SubjectBootstrap;
import io.tardiff.training.TarDiffModel;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fits the {@link Teacher} of soft labels: each classifier is one element, so that they are fitted
 * in parallel, to a bootstrap of the train subjects with early stopping on the tuning split. The
 * temperature is fitted to the train windows of subjects that the bootstraps left out.
 */
final class FitTeacher extends PTransform<PCollection<TarDiffModel>, PCollection<Teacher>> {
  private final String cohort;
  private final GenerationConfig config;

  FitTeacher(String cohort, GenerationConfig config) {
    this.cohort = cohort;
    this.config = config;
  }

  @Override
  public PCollection<Teacher> expand(PCollection<TarDiffModel> model) {
    return model
        .apply("Plan fits", ParDo.of(new PlanFn(config.softLabels())))
        .apply("Spread fits", Reshuffle.viaRandomKey())
        .apply("Fit", config.resources().parDo(new FitFn(cohort, config)))
        .setCoder(KvCoder.of(StringUtf8Coder.of(), new Teacher.Fit.Coder()))
        .apply("Gather fits", GroupByKey.create())
        .apply("Calibrate", ParDo.of(new CalibrateFn(cohort)))
        .setCoder(new Teacher.Coder());
  }

  /** Outputs the number of each fit with the directory of the model. */
  private static final class PlanFn extends DoFn<TarDiffModel, KV<String, Integer>> {
    private final int fits;

    PlanFn(int fits) {
      this.fits = fits;
    }

    @ProcessElement
    public void process(@Element TarDiffModel model, OutputReceiver<KV<String, Integer>> output) {
      for (int fit = 0; fit < fits; fit++) {
        output.output(KV.of(model.directory(), fit));
      }
    }
  }

  private static final class FitFn extends DoFn<KV<String, Integer>, KV<String, Teacher.Fit>> {
    private final String directory;
    private final GenerationConfig config;
    private final Counter fits = Metrics.counter("tardiff.generation", "teacherFits");

    private transient SharedInstances.@Nullable Lease<ClassifierPool> pool;
    private transient @Nullable SharedProgress progress;

    FitFn(String directory, GenerationConfig config) {
      this.directory = directory;
      this.config = config;
    }

    @Setup
    public void setUp() {
      TensorFlowLibrary.check();
    }

    @ProcessElement
    public void process(
        @Element KV<String, Integer> element, OutputReceiver<KV<String, Teacher.Fit>> output) {
      TarDiffModel model = TarDiffModel.open(element.getKey());
      Cohort cohort = Cohort.open(directory);
      model.checkTrainedOn(cohort);
      int number = element.getValue();
      SharedProgress all = progress(model);
      List<EhrWindow> windows = cohort.readAll(Split.TRAIN);
      LabelledWindows train = CohortWindows.of(cohort, windows);
      LabelledWindows tuning = CohortWindows.load(cohort, Split.TUNING);
      SubjectBootstrap drawn =
          SubjectBootstrap.draw(
              CohortWindows.subjects(windows),
              train.labels(),
              train.classes(),
              Seeds.derive(config.seed(), "teacher subjects", number));
      try (FittedClassifier classifier =
          pool()
              .fit(
                  Teacher.training(model),
                  train.select(drawn.windows()),
                  tuning,
                  Seeds.derive(config.seed(), "teacher", number))) {
        output.output(
            KV.of(
                element.getKey(),
                new Teacher.Fit(
                    number,
                    Teacher.bytes(classifier.weights()),
                    outOfFold(classifier, train, drawn.leftOut()))));
      }
      fits.inc();
      all.advance(1);
    }

    private static double[] outOfFold(
        FittedClassifier classifier, LabelledWindows train, int[] leftOut) {
      int classes = train.classes();
      double[] all = new double[train.size() * classes];
      Arrays.fill(all, Double.NaN);
      double[][] probabilities = classifier.probabilities(train.select(leftOut));
      for (int i = 0; i < leftOut.length; i++) {
        System.arraycopy(probabilities[i], 0, all, leftOut[i] * classes, classes);
      }
      return all;
    }

    /** Networks of one kind and shape take turns on a graph of this JVM. */
    private ClassifierPool pool() {
      if (pool == null) {
        pool = SharedInstances.acquire(ClassifierPool.class.getName(), ClassifierPool::new);
      }
      return pool.get();
    }

    private SharedProgress progress(TarDiffModel model) {
      if (progress == null) {
        progress =
            SharedProgress.start(
                model.directory(),
                "Fitting the teacher of soft labels",
                config.softLabels(),
                "fits");
      }
      return progress;
    }

    @Teardown
    public void release() {
      if (pool != null) {
        pool.close();
        pool = null;
      }
      if (progress != null) {
        progress.close();
        progress = null;
      }
    }
  }

  private static final class CalibrateFn extends DoFn<KV<String, Iterable<Teacher.Fit>>, Teacher> {
    private static final Logger LOG = LoggerFactory.getLogger(FitTeacher.class);

    private final String directory;

    CalibrateFn(String directory) {
      this.directory = directory;
    }

    @ProcessElement
    public void process(
        @Element KV<String, Iterable<Teacher.Fit>> fits, OutputReceiver<Teacher> output) {
      Cohort cohort = Cohort.open(directory);
      int[] labels = cohort.readAll(Split.TRAIN).stream().mapToInt(EhrWindow::label).toArray();
      Teacher teacher = Teacher.of(fits.getValue(), labels, cohort.spec().classes());
      LOG.info(
          "Teacher of {} classifiers: out-of-fold log loss {}, {} at temperature {}",
          teacher.weights().size(),
          rounded(teacher.uncalibratedLogLoss()),
          rounded(teacher.logLoss()),
          rounded(teacher.temperature()));
      output.output(teacher);
    }

    private static String rounded(double value) {
      return String.format(Locale.ROOT, "%.4f", value);
    }
  }
}
