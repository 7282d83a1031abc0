package io.tardiff.samples;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tardiff.TinyRun;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.evaluation.EvaluationConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.Pipeline;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TenLinesTest {
  @Test
  void runsTheCompletePipeline(@TempDir Path directory) throws Exception {
    Pipeline pipeline = Pipeline.create();
    TenLines.synthesise(
        pipeline.apply("Simulate", SimulatedIcu.of(240)),
        TinyRun.COHORT,
        TinyRun.TRAINING,
        EvaluationConfig.defaults()
            .withModels(List.of("cnn"))
            .withSeeds(List.of(1L))
            .withAlphas(List.of(1.0)),
        directory.toString());
    pipeline.run().waitUntilFinish();

    JsonNode utility =
        new ObjectMapper().readTree(directory.resolve("metrics.json").toFile()).get("utility");
    assertThat(utility.size(), is(3)); // TRTR, TSTR, TSRTR
    assertThat(Files.size(directory.resolve("report.html")), is(greaterThan(1_000L)));
  }

  @Test
  void documentsShowThisCode() throws Exception {
    String source =
        unindented(Files.readString(Path.of("samples/java/io/tardiff/samples/TenLines.java")));
    for (String document : List.of("README.md", "src/site/markdown/library.md")) {
      Matcher block =
          Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
              .matcher(Files.readString(Path.of(document)));
      assertThat(document + " has Java", block.find());
      assertThat(document, source, containsString(unindented(block.group(1)).strip()));
    }
  }

  private static String unindented(String code) {
    return code.replaceAll("(?m)^ +", "");
  }
}
