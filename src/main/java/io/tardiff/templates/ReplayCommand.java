package io.tardiff.templates;

import com.google.common.primitives.Longs;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.generation.Replay;
import io.tardiff.options.Nearest;
import io.tardiff.options.Option;
import io.tardiff.options.OptionCatalogue;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The command {@code replay}: draws samples of a set again from its ledger and model, compares them
 * bit for bit with the stored ones, and prints a line for each:
 *
 * <pre>
 * same       3
 * same       17   not selected: only its influences are stored
 * different  42   12 of 432 values, the first at step 3 of HR
 * </pre>
 */
final class ReplayCommand {
  static final String NAME = "replay";
  static final String SUMMARY =
      "Draw samples of a set again from its ledger and model, and compare them with those stored.";
  static final String EXAMPLE =
      NAME + " --set=out/generate/synthetic/none --model=out/train/model --sampleIds=0,17";

  private final PrintStream out;
  private final PrintStream err;

  ReplayCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  static String help() {
    StringBuilder options = new StringBuilder();
    for (Option option : OptionCatalogue.of(ReplayOptions.class).all()) {
      options.append(
          String.format(
              "  --%s=%s%s%n      %s%n",
              option.name(),
              option.syntax(),
              option.required() ? "  (required)" : "",
              option.description()));
    }
    return """
    Usage: replay --set=directory --model=directory --sampleIds=id,id,... [--output=directory]

    %s

    %s
    Prints a line for each sample: same, or different with the place. The exit status is %d if a sample differs
    or cannot be drawn again. Options of Beam's file systems are passed on.
    """
        .formatted(SUMMARY, options, Launcher.FAILURE);
  }

  /** Draws the samples in {@code arguments} again and returns the exit status. */
  int run(List<String> arguments) {
    Problems problems = Problems.ofOptions();
    ReplayOptions options = parse(arguments, problems);
    List<Long> ids = options == null ? List.of() : ids(options.getSampleIds(), problems);
    if (options == null || !problems.isEmpty()) {
      err.printf("Cannot run %s:%n", NAME);
      problems.list().forEach(problem -> err.printf("  %s%n", problem));
      err.printf("%s --help prints its options.%n", NAME);
      return Launcher.USAGE;
    }
    FileSystems.setDefaultPipelineOptions(options);
    try {
      return replay(options, ids);
    } catch (IOException | RuntimeException e) {
      err.printf("Failed: %s%n", Failures.describe(e));
      return Launcher.FAILURE;
    }
  }

  private static @Nullable ReplayOptions parse(List<String> arguments, Problems problems) {
    OptionCatalogue catalogue = OptionCatalogue.of(ReplayOptions.class);
    List<String> names = catalogue.all().stream().map(Option::name).toList();
    Map<String, String> given = new LinkedHashMap<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      String name = argument.replaceFirst("^--", "").replaceFirst("=.*", "");
      Optional<Option> option = catalogue.find(name);
      if (!argument.startsWith("--") || equals < 0) {
        problems.add("%s is not an option; write options as --name=value", argument);
      } else if (option.isEmpty() && !OptionCatalogue.beamOptions().containsKey(name)) {
        problems.add("unknown option --%s%s", name, Nearest.suggestion(name, names));
      } else if (given.put(name, argument) != null) {
        problems.add("--%s must be given only once", name);
      } else {
        option
            .flatMap(o -> o.reject(argument.substring(equals + 1)))
            .ifPresent(reason -> problems.add("--%s %s", name, reason));
      }
    }
    catalogue.all().stream()
        .filter(option -> option.required() && !given.containsKey(option.name()))
        .forEach(option -> problems.add("--%s=%s is required", option.name(), option.syntax()));
    if (!problems.isEmpty()) {
      return null;
    }
    try {
      return PipelineOptionsFactory.fromArgs(given.values().toArray(String[]::new))
          .as(ReplayOptions.class);
    } catch (IllegalArgumentException e) {
      problems.addAsIs(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private static List<Long> ids(String text, Problems problems) {
    List<Long> ids = new ArrayList<>();
    for (String word : TextList.words(text)) {
      Long id = Longs.tryParse(word);
      if (id == null || id < 0) {
        problems.add("{sampleIds} must be whole numbers from 0, was %s", text);
        return List.of();
      }
      ids.add(id);
    }
    return ids;
  }

  private int replay(ReplayOptions options, List<Long> ids) throws IOException {
    SyntheticSet set = SyntheticSet.open(options.getSet());
    List<Replay.Sample> samples =
        Replay.of(set, TarDiffModel.open(options.getModel())).samples(ids);
    boolean isSame = true;
    for (Replay.Sample sample : samples) {
      isSame &= sample.outcome() != Replay.Outcome.DIFFERENT;
      print(sample);
    }
    if (options.getOutput() != null) {
      ExportSynthetic.write(
          ExportFormat.CSV,
          options.getOutput(),
          set,
          samples.stream().map(Replay.Sample::window).toList());
      out.printf("The samples are in %s%n", options.getOutput());
    }
    return isSame ? Launcher.DONE : Launcher.FAILURE;
  }

  private void print(Replay.Sample sample) {
    String remark =
        switch (sample.outcome()) {
          case SAME -> "";
          case SAME_NOT_KEPT -> "not selected: only its influences are stored";
          case DIFFERENT -> sample.difference();
        };
    out.println(
        String.format(
                "%-10s %-8d %s",
                sample.outcome() == Replay.Outcome.DIFFERENT ? "different" : "same",
                sample.sampleId(),
                remark)
            .stripTrailing());
  }
}
