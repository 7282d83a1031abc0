package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What workers must have. */
@Description("Workers")
public interface ResourceOptions extends PipelineOptions {
  @Description(
      "Accelerator of the workers that train, sample and fit downstream models; no other step asks"
          + " for one. For Dataflow: the direct runner and Flink take their workers as they are.")
  @Values(form = "type:TYPE;count:NUMBER;...")
  String getAccelerator();

  void setAccelerator(String accelerator);

  @Description(
      "Least memory of the workers that train, sample and fit downstream models. For Dataflow: the"
          + " direct runner and Flink take their workers as they are.")
  @Values(form = "16GB")
  String getWorkerMemory();

  void setWorkerMemory(String memory);
}
