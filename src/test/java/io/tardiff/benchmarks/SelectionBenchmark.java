package io.tardiff.benchmarks;

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
import java.util.Arrays;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;

/**
 * Time and memory of selecting a third of a pool, as JSON, and how near the mean embedding of what
 * is kept comes to its target.
 *
 * <pre>
 * mvn -q test-compile exec:java -Dexec.classpathScope=test \
 *     -Dexec.mainClass=io.tardiff.benchmarks.SelectionBenchmark \
 *     -Dexec.arguments=pool,1000000,16,--runner=FlinkRunner,--flinkMaster=[local],--parallelism=2
 * </pre>
 *
 * <p>Arguments: a directory, which keeps cohort, model and pool from one start to the next; the
 * size of the pool; in how many parts each class is herded, 0 for as many as its size asks for; and
 * options of the pipeline. Windows are 12 steps of 3 channels, drawn in one reverse step by a tiny
 * model: what is measured does not depend on how good they are. The pool is drawn before the time
 * is taken, and by another process if memory is to be that of the selection alone: start the
 * program twice.
 */
public final class SelectionBenchmark {
  private static final int FOURIER_FEATURES = 256;

  private SelectionBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    long size = Long.parseLong(arguments[1]);
    int shards = Integer.parseInt(arguments[2]);
    String[] options = Arrays.copyOfRange(arguments, 3, arguments.length);
    Path cohort = directory.resolve("cohort");
    Path model = directory.resolve("model");
    if (!Files.exists(model.resolve("model.json"))) {
      TinyRun.model(TinyRun.cohort(cohort), model);
    }
    Path pool = directory.resolve("pool-" + size + "/none");
    boolean drawn = Files.exists(pool.resolve(SyntheticSet.FILE));
    if (!drawn) {
      Pipeline draw = pipeline(options);
      draw.apply(Create.of(TarDiffModel.open(model.toString())))
          .apply(
              GenerateSyntheticEhr.to(pool.getParent().toString())
                  .withConfig(
                      GenerationConfig.defaults()
                          .withSteps(1)
                          .withNumShards(16)
                          .withLabels(LabelMix.asTrain().withTotal(size))));
      draw.run().waitUntilFinish();
    }
    Path output = Files.createTempDirectory(directory, "selected-");
    Pipeline select = pipeline(options);
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

    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("runner", select.getOptions().getRunner().getSimpleName());
    json.put("max_heap_mib", Runtime.getRuntime().maxMemory() >> 20);
    json.put("pool", size);
    json.put("herd_shards", shards);
    json.put("fourier_features", FOURIER_FEATURES);
    json.put("seconds", seconds);
    json.put("candidates_per_second", size / seconds);
    json.put("peak_memory_mib", PeakMemory.mib());
    json.put("pool_drawn_in_this_process", !drawn);
    json.set(
        "embedding_error",
        mapper
            .readTree(output.resolve("none-herding").resolve(SyntheticSet.FILE).toFile())
            .path("embedding_error"));
    System.out.println(mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json));
    System.exit(0); // TensorFlow's threads are not daemons.
  }

  private static Pipeline pipeline(String[] options) {
    return Pipeline.create(
        PipelineOptionsFactory.fromArgs(options).withoutStrictParsing().create());
  }
}
