package io.tardiff.templates;

import com.google.common.primitives.Longs;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.generation.Replay;
import io.tardiff.settings.Problems;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.beam.sdk.io.FileSystems;

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
final class ReplayCommand implements Command {
  private final PrintStream out;
  private final PrintStream err;

  ReplayCommand(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "replay";
  }

  @Override
  public String summary() {
    return "Draw samples of a set again from its ledger and model, and compare them with those"
        + " stored.";
  }

  @Override
  public String example() {
    return "replay --set=out/generate/synthetic/none --model=out/train/model --sampleIds=0,17";
  }

  @Override
  public String help() {
    return """
    Usage: replay --set=directory --model=directory --sampleIds=id,id,... [--output=directory]

    %s

    %s
    Prints a line for each sample: same, or different with the place. The exit status is %d if a sample differs
    or cannot be drawn again. Options of Beam's file systems are passed on.
    """
        .formatted(summary(), CommandOptions.help(ReplayOptions.class), Launcher.FAILURE);
  }

  /** Draws the samples in {@code arguments} again and returns the exit status. */
  @Override
  public int run(List<String> arguments) {
    Problems problems = Problems.ofOptions();
    Optional<ReplayOptions> parsed = CommandOptions.parse(ReplayOptions.class, arguments, problems);
    List<Long> ids = parsed.map(o -> ids(o.getSampleIds(), problems)).orElse(List.of());
    if (parsed.isEmpty() || !problems.isEmpty()) {
      err.print(Help.problems(name(), problems));
      return Launcher.USAGE;
    }
    FileSystems.setDefaultPipelineOptions(parsed.get());
    try {
      return replay(parsed.get(), ids);
    } catch (IOException | RuntimeException e) {
      err.printf("Failed: %s%n", Failures.describe(e));
      return Launcher.FAILURE;
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
