package io.tardiff.templates;

import java.io.PrintStream;
import java.util.List;

/**
 * One job the {@link Launcher} can run.
 *
 * @param <O> the options of the job, from which its help is written
 */
interface Template<O extends RunOptions> {

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
  Job prepare(O options, OptionProblems problems);

  /** A job that is ready to run. */
  interface Job {

    /** Runs to the end, writing to {@code directory} and telling the results on {@code out}. */
    void run(RunDirectory directory, PrintStream out) throws Exception;
  }
}
