package io.tardiff.templates;

import io.tardiff.training.WorkerResources;

/** Turns options into what workers must have. */
final class ResourceSetup {
  private ResourceSetup() {}

  static WorkerResources of(ResourceOptions options, OptionProblems problems) {
    WorkerResources resources = WorkerResources.any();
    if (options.getAccelerator() != null) {
      resources =
          problems.apply(
              "accelerator", resources, r -> r.withAccelerator(options.getAccelerator()));
    }
    return options.getWorkerMemory() == null
        ? resources
        : problems.apply("workerMemory", resources, r -> r.withMemory(options.getWorkerMemory()));
  }
}
