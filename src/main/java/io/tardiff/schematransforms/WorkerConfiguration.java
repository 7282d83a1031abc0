package io.tardiff.schematransforms;

import io.tardiff.training.WorkerResources;
import org.apache.beam.sdk.schemas.annotations.SchemaFieldDescription;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Where results go, and what the workers that compute networks must have. */
abstract class WorkerConfiguration {
  @SchemaFieldDescription("Directory that the results are written to.")
  public abstract String getOutput();

  @SchemaFieldDescription(
      "Accelerator of the workers that compute networks, such as type:nvidia-l4;count:1. For"
          + " Dataflow: other runners take their workers as they are.")
  public abstract @Nullable String getAccelerator();

  @SchemaFieldDescription(
      "Least memory of the workers that compute networks, such as 16GB. For Dataflow: other runners"
          + " take their workers as they are.")
  public abstract @Nullable String getWorkerMemory();

  final WorkerResources resources(Fields fields) {
    fields.checkNamed("output", getOutput());
    WorkerResources resources =
        fields.apply(
            "accelerator",
            getAccelerator(),
            WorkerResources.any(),
            WorkerResources::withAccelerator);
    return fields.apply("worker_memory", getWorkerMemory(), resources, WorkerResources::withMemory);
  }
}
