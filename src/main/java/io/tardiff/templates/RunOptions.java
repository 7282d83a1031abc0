package io.tardiff.templates;

import io.tardiff.options.Operational;
import io.tardiff.options.SeedOptions;
import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;

/** Options of every template. */
@Description("The run")
public interface RunOptions extends SeedOptions {
  @Description(
      "Directory the run writes to. A directory holds one run: the same command resumes it, another"
          + " run is rejected.")
  @Validation.Required
  @Operational
  @Values(form = "directory")
  String getOutput();

  void setOutput(String output);

  @Description(
      "Threads per TensorFlow operation, in this process. Default: the number of cores. Another"
          + " number may change the last bits of a training: set it to repeat a run on a machine with"
          + " more or fewer cores.")
  @Operational
  Integer getThreads();

  void setThreads(Integer threads);

  @Description("Print the stack trace of a failure.")
  @Default.Boolean(false)
  @Operational
  Boolean getDebug();

  void setDebug(Boolean debug);

  @Description(
      "Exit once the job is submitted to a cluster, instead of waiting for its end: run.json in the"
          + " output shows when it is done. Not with the direct runner.")
  @Default.Boolean(false)
  @Operational
  Boolean getDetached();

  void setDetached(Boolean detached);
}
