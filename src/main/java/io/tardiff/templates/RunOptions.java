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
      "Directory the run writes to. One directory holds one run: the same command again resumes"
          + " it, another run is refused.")
  @Validation.Required
  @Operational
  @Values(form = "directory")
  String getOutput();

  void setOutput(String output);

  @Description(
      "Threads TensorFlow computes one operation with, in this process; the cores of the machine"
          + " if not set.")
  @Operational
  Integer getThreads();

  void setThreads(Integer threads);

  @Description("Print the stack trace of a failure.")
  @Default.Boolean(false)
  @Operational
  Boolean getDebug();

  void setDebug(Boolean debug);

  @Description(
      "Leave as soon as a cluster has the job, instead of waiting for its end: run.json in the"
          + " output says when it is done. Not with the direct runner.")
  @Default.Boolean(false)
  @Operational
  Boolean getDetached();

  void setDetached(Boolean detached);
}
