package io.tardiff.benchmarks;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tardiff.TinyRun;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.generation.LabelMix;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.selection.Selection;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.transforms.Create;

/**
 * Measures selecting a third of a pool, and prints time, memory and the distance of the mean
 * embedding of the selected samples from its target as JSON.
 *
 * <pre>
 * mvn -q test-compile exec:exec@benchmark -Dbenchmark=SelectionBenchmark \
 *     -Dbenchmark.args="out/pool 1000000 16 --runner=FlinkRunner --flinkMaster=[local] --parallelism=2"
 * </pre>
 *
 * <p>Arguments: a directory that keeps cohort, model and pool between runs; the size of the pool;
 * the number of shards per class, or 0 for one per 8,192 samples; and pipeline options. Windows
 * have 12 steps of 3 channels and are drawn in one reverse step by a tiny model, because their
 * quality does not matter. The time excludes drawing the pool. Run the program twice to measure the
 * memory of the selection alone.
 */
public final class SelectionBenchmark {
  private static final int FOURIER_FEATURES = 256;

  private SelectionBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    checkArgument(
        arguments.length >= 3,
        "arguments must be a directory, the size of the pool, the number of shards and options");
    Path directory = Path.of(arguments[0]);
    long size = Long.parseLong(arguments[1]);
    int shards = Integer.parseInt(arguments[2]);
    Path cohort = directory.resolve("cohort");
    Path model = directory.resolve("model");
    if (!Files.exists(model.resolve("model.json"))) {
      TinyRun.model(TinyRun.cohort(cohort), model);
    }
    Path pool = directory.resolve("pool-" + size + "/none");
    boolean drawn = Files.exists(pool.resolve(SyntheticSet.FILE));
    if (!drawn) {
      Pipeline draw = Benchmarks.pipeline(arguments, 3);
      draw.apply(Create.of(TarDiffModel.open(model.toString())))
          .apply(
              GenerateSyntheticEhr.to(pool.getParent().toString())
                  .withConfig(
                      GenerationConfig.defaults()
                          .withSamplingSteps(1)
                          .withNumShards(16)
                          .withLabels(LabelMix.asTrain().withTotal(size))));
      draw.run().waitUntilFinish();
    }
    Path output = Files.createTempDirectory(directory, "selected-");
    Pipeline select = Benchmarks.pipeline(arguments, 3);
    select
        .apply(Create.of(SyntheticSet.open(pool.toString())))
        .apply(
            SelectForTarget.of(model.toString(), cohort.toString())
                .to(output.toString())
                .withoutBaseline()
                .withLabels(LabelMix.asTrain().withTotal(size / 3))
                .withSelection(
                    Selection.herding()
                        .withFourierFeatures(FOURIER_FEATURES)
                        .withHerdShards(shards)));
    long start = System.nanoTime();
    select.run().waitUntilFinish();
    double seconds = (System.nanoTime() - start) / 1e9;

    ObjectNode json = Benchmarks.report();
    json.put("runner", select.getOptions().getRunner().getSimpleName());
    json.put("pool", size);
    json.put("herd_shards", shards);
    json.put("fourier_features", FOURIER_FEATURES);
    json.put("seconds", seconds);
    json.put("candidates_per_second", size / seconds);
    json.put("pool_drawn_in_this_process", !drawn);
    json.set(
        "embedding_error",
        new ObjectMapper()
            .readTree(output.resolve("none-herding").resolve(SyntheticSet.FILE).toFile())
            .path("embedding_error"));
    Benchmarks.finish(json);
  }
}
