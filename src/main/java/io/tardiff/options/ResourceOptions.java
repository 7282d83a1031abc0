package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** Resources that workers need. */
@Description("Workers")
public interface ResourceOptions extends PipelineOptions {
  @Description(
      "Accelerator of the workers that train, sample and fit downstream models; no other step"
          + " requests one. For Dataflow: the direct runner and Flink ignore it.")
  @Values(form = "type:TYPE;count:NUMBER;...")
  String getAccelerator();

  void setAccelerator(String accelerator);

  @Description(
      "Minimum memory of the workers that train, sample and fit downstream models. For Dataflow:"
          + " the direct runner and Flink ignore it.")
  @Values(form = "16GB")
  String getWorkerMemory();

  void setWorkerMemory(String memory);
}
