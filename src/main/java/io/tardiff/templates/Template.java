package io.tardiff.templates;

import io.tardiff.settings.Problems;
import java.io.PrintStream;
import java.util.List;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.PipelineResult;
import org.apache.beam.sdk.values.PCollection;

/**
 * One job the {@link Launcher} can run.
 *
 * @param <O> the options of the job, from which its help is written
 */
public interface Template<O extends RunOptions> {

  /** What a person types. */
  String name();

  /** What it does, in one line. */
  String summary();

  Class<O> optionsType();

  /** Command lines to begin with, without the program's name. */
  List<String> examples();

  /**
   * Makes the job of {@code options}, telling {@code problems} of every value that is not valid.
   * Writes nothing; where there are problems the job is not run.
   */
  Job prepare(O options, Problems problems);

  /** A job that is ready to run. */
  interface Job {

    /**
     * Adds the steps of the job to {@code pipeline}, writing to {@code run} when they are executed,
     * and returns a collection that is complete when all that the job writes is written. Reads what
     * the job starts from, so that what is missing is told before a pipeline starts; warnings go to
     * {@code out}.
     */
    PCollection<?> addTo(Pipeline pipeline, RunDirectory run, PrintStream out) throws Exception;

    /** Tells the results on {@code out}; only where the end of the pipeline was waited for. */
    void tell(RunDirectory run, PipelineResult result, PrintStream out) throws Exception;

    /** Whether its elements are few and long, and each keeps all cores of a machine busy. */
    default boolean isOneByOne() {
      return false;
    }
  }
}
