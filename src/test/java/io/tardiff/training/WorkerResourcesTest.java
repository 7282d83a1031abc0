package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.evaluation.EvaluationConfig;
import io.tardiff.generation.GenerationConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerResourcesTest {
  private static final WorkerResources GPU =
      WorkerResources.any().withAccelerator("type:nvidia-l4;count:1").withMemory("16GB");

  @Test
  void defaultsRequireNothing() {
    assertThat(WorkerResources.any().accelerator(), is(nullValue()));
    assertThat(WorkerResources.any().memory(), is(nullValue()));
    assertThat(TrainingConfig.defaults().resources(), is(WorkerResources.any()));
    assertThat(GenerationConfig.defaults().resources(), is(WorkerResources.any()));
    assertThat(EvaluationConfig.defaults().resources(), is(WorkerResources.any()));
  }

  @Test
  void acceleratorAndMemoryAreIndependent() {
    assertThat(GPU.accelerator(), is("type:nvidia-l4;count:1"));
    assertThat(GPU.memory(), is("16GB"));
    assertThat(
        GPU,
        is(WorkerResources.any().withMemory("16GB").withAccelerator("type:nvidia-l4;count:1")));
  }

  @Test
  void configurationsKeepResources() {
    assertThat(TrainingConfig.defaults().withResources(GPU).withSeed(3).resources(), is(GPU));
    assertThat(GenerationConfig.defaults().withResources(GPU).withSeed(3).resources(), is(GPU));
    assertThat(EvaluationConfig.defaults().withResources(GPU).resources(), is(GPU));
  }

  @Test
  void resourcesDoNotChangeTheRunId() {
    TrainingConfig config = TrainingConfig.defaults();
    assertThat(config.withResources(GPU).runId("cohort"), is(config.runId("cohort")));
    assertThat(config.withSeed(1).runId("cohort"), is(not(config.runId("cohort"))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "type:nvidia-tesla-t4;count:2",
        "type:nvidia-l4;count:1;install-nvidia-driver",
        "type:nvidia-l4;count:1;machine_type:g2-standard-8;install-nvidia-driver:5xx"
      })
  void acceptsAccelerators(String accelerator) {
    assertThat(WorkerResources.any().withAccelerator(accelerator).accelerator(), is(accelerator));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nvidia-l4",
        "type:nvidia-l4",
        "count:1;type:nvidia-l4",
        "type:nvidia-l4;count:0",
        "type:nvidia-l4;count:-1",
        "type:nvidia-l4;count:one",
        "type:nvidia-l4;count:1;",
        "type:nvidia l4;count:1"
      })
  void rejectsMalformedAccelerators(String accelerator) {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> WorkerResources.any().withAccelerator(accelerator))
            .getMessage();
    assertThat(message, startsWith("accelerator must be written like type:nvidia-l4;count:1"));
    assertThat(message, endsWith("was " + accelerator));
  }

  @ParameterizedTest
  @ValueSource(strings = {"512MB", "16GB", "1.5TB", "16GiB"})
  void acceptsMemoryWithAUnit(String memory) {
    assertThat(WorkerResources.any().withMemory(memory).memory(), is(memory));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "16", "16 GB", "-16GB", "0GB", "16gb", "16KB", "much"})
  void rejectsMalformedMemory(String memory) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> WorkerResources.any().withMemory(memory))
            .getMessage();
    assertThat(message, startsWith("workerMemory must be a number and MB, GB,"));
    assertThat(message, endsWith("was " + memory));
  }
}
