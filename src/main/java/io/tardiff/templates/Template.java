package io.tardiff.templates;

import io.tardiff.settings.Problems;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.PCollection;

/**
 * A job that the {@link Launcher} can run.
 *
 * @param <O> the options of the job, from which its help is derived
 */
public interface Template<O extends RunOptions> {

  /** Returns the name, as typed on a command line. */
  String name();

  /** Returns what the job does, in one line. */
  String summary();

  Class<O> optionsType();

  /** Returns example command lines, without the names of the program and the template. */
  List<String> examples();

  /**
   * Creates the job of {@code options} and adds every invalid value to {@code problems}. Writes
   * nothing. If there are problems, the job is not run.
   */
  Job prepare(O options, Problems problems);

  /** A job that is ready to run. */
  interface Job {

    /**
     * Adds the steps of the job, which write to {@code run}, to {@code pipeline}. Returns a
     * collection that is complete once everything is written. Opens the inputs of the job, so that
     * missing ones are reported before the pipeline starts. Prints warnings to {@code out}.
     */
    PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out) throws Exception;

    /** Prints the results to {@code out}. Not called for detached jobs. */
    void report(RunDirectory run, PipelineResult result, PrintStream out) throws Exception;

    /** Prints the results of a job that failed because its set did not pass the gate. */
    default void reportGate(RunDirectory run, PrintStream out) throws Exception {}

    /** Returns whether the job has few long elements that each use all cores of a machine. */
    default boolean isSequential() {
      return false;
    }
  }
}
