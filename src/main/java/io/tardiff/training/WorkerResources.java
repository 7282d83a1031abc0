package io.tardiff.training;

import static io.tardiff.settings.InvalidSettingException.check;

import com.google.auto.value.AutoValue;
import io.tardiff.settings.Settings;
import java.io.Serializable;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.resourcehints.ResourceHints;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionView;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Resources of the workers that run networks: the steps that train, sample and fit downstream
 * models, and no other step.
 *
 * <pre>{@code
 * WorkerResources gpu =
 *     WorkerResources.any()
 *         .withAccelerator("type:nvidia-l4;count:1;install-nvidia-driver")
 *         .withMemory("16GB");
 * TrainingConfig training = TrainingConfig.defaults().withResources(gpu);
 * GenerationConfig generation = GenerationConfig.defaults().withResources(gpu);
 * }</pre>
 *
 * <p>These become Beam resource hints. Runners that choose machines per step, such as Dataflow,
 * follow them; the direct runner and Flink ignore them. They do not affect results.
 */
@AutoValue
public abstract class WorkerResources implements Serializable {
  private static final Pattern ACCELERATOR =
      Pattern.compile(
          "type:[a-z0-9][a-z0-9-]*;count:[1-9][0-9]*(;[a-z][a-z0-9_-]*(:[A-Za-z0-9._-]+)?)*");
  private static final Pattern MEMORY = Pattern.compile("[1-9][0-9]*([.][0-9]+)?[MGT]i?B");

  public abstract @Nullable String accelerator();

  public abstract @Nullable String memory();

  /** No requirements. */
  public static WorkerResources any() {
    return new AutoValue_WorkerResources(null, null);
  }

  @Internal
  public static Settings<WorkerResources> settings() {
    return Settings.of(any())
        .text("accelerator", WorkerResources::accelerator, WorkerResources::withAccelerator)
        .operational()
        .text("workerMemory", WorkerResources::memory, WorkerResources::withMemory)
        .operational();
  }

  /**
   * Requests accelerators, in Beam's notation: {@code type:<type>;count:<number>}, optionally
   * followed by runner-specific options such as {@code install-nvidia-driver}.
   */
  public WorkerResources withAccelerator(String accelerator) {
    check(
        ACCELERATOR.matcher(accelerator).matches(),
        "accelerator",
        accelerator,
        "must be written like type:nvidia-l4;count:1;install-nvidia-driver");
    return new AutoValue_WorkerResources(accelerator, memory());
  }

  /** Requests a minimum amount of memory, such as {@code 16GB} or {@code 512MiB}. */
  public WorkerResources withMemory(String memory) {
    check(
        MEMORY.matcher(memory).matches(),
        "workerMemory",
        memory,
        "must be a number and MB, GB, TB, MiB, GiB or TiB, such as 16GB");
    return new AutoValue_WorkerResources(accelerator(), memory);
  }

  /** Returns a {@link ParDo} of {@code fn} with these resources. */
  @Internal
  public <InputT, OutputT> PTransform<PCollection<InputT>, PCollection<OutputT>> parDo(
      DoFn<InputT, OutputT> fn) {
    return parDo(fn, List.of());
  }

  /** Returns a {@link ParDo} of {@code fn} with side inputs and these resources. */
  @Internal
  public <InputT, OutputT> PTransform<PCollection<InputT>, PCollection<OutputT>> parDo(
      DoFn<InputT, OutputT> fn, List<PCollectionView<?>> sideInputs) {
    PTransform<PCollection<InputT>, PCollection<OutputT>> transform =
        new OnWorkers<>(fn, sideInputs);
    return transform.setResourceHints(hints());
  }

  private ResourceHints hints() {
    ResourceHints hints = ResourceHints.create();
    if (accelerator() != null) {
      hints = hints.withAccelerator(accelerator());
    }
    return memory() == null ? hints : hints.withMinRam(memory());
  }

  /**
   * Wraps a ParDo to carry its hints: Dataflow's classic runner replaces the ParDo and drops its
   * hints.
   */
  private static final class OnWorkers<InputT, OutputT>
      extends PTransform<PCollection<InputT>, PCollection<OutputT>> {
    private final DoFn<InputT, OutputT> fn;
    private final List<PCollectionView<?>> sideInputs;

    OnWorkers(DoFn<InputT, OutputT> fn, List<PCollectionView<?>> sideInputs) {
      this.fn = fn;
      this.sideInputs = sideInputs;
    }

    @Override
    public PCollection<OutputT> expand(PCollection<InputT> input) {
      return input.apply(ParDo.of(fn).withSideInputs(sideInputs));
    }
  }
}
