package io.tardiff.templates;

import io.tardiff.cohort.Cohort;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.Manifest;
import io.tardiff.options.Nearest;
import io.tardiff.settings.Problems;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.options.PipelineOptions;
import org.apache.beam.sdk.options.PipelineOptionsFactory;

/**
 * The command {@code verify}: checks every artefact in a directory, and that the artefacts of a run
 * were made from each other.
 *
 * <p>Reads every file: first compares its bytes with the manifest, then checks its content like
 * training, sampling and evaluation do. Prints a line per artefact:
 *
 * <pre>
 * ok       cohort         out/cohort/ (7 files, 1,204,311 bytes)
 * damaged  model          out/model/classifier-002.avro is damaged: ...
 * </pre>
 */
final class Verify implements Command {
  private static final String DIR = "--dir=";

  /** In the order in which a run writes them. */
  private static final List<Manifest.Kind> KINDS =
      List.of(
          Manifest.Kind.COHORT,
          Manifest.Kind.MODEL,
          Manifest.Kind.SYNTHETIC_SET,
          Manifest.Kind.EVALUATION);

  private enum State {
    OK,
    UNKNOWN,
    DAMAGED
  }

  private final PrintStream out;
  private final PrintStream err;

  Verify(PrintStream out, PrintStream err) {
    this.out = out;
    this.err = err;
  }

  @Override
  public String name() {
    return "verify";
  }

  @Override
  public String summary() {
    return "Check the files of a run, or of one cohort, model or set, against their manifests.";
  }

  @Override
  public String example() {
    return "verify --dir=out/physionet2012";
  }

  @Override
  public String help() {
    return """
        Usage: verify --dir=directory

        %s

        Prints a line for each artefact: ok, damaged (with the file and the reason), or unknown for one without
        a manifest, which an earlier version wrote. The exit status is %d if anything is damaged, missing, extra
        or was made from an artefact other than the one next to it. Options of Beam's file systems are passed on.
        """
        .formatted(summary(), Launcher.FAILURE);
  }

  /** Checks the directory in {@code arguments} and returns the exit status. */
  @Override
  public int run(List<String> arguments) {
    List<String> rest = new ArrayList<>(arguments);
    rest.removeIf(argument -> argument.startsWith(DIR));
    List<String> named = arguments.stream().filter(a -> a.startsWith(DIR)).toList();
    if (named.size() != 1 || named.get(0).length() == DIR.length()) {
      return usage("--dir=directory is required exactly once");
    }
    try {
      FileSystems.setDefaultPipelineOptions(
          PipelineOptionsFactory.fromArgs(rest.toArray(String[]::new)).as(PipelineOptions.class));
    } catch (IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      return usage(
          message
              + rest.stream()
                  .map(a -> Nearest.suggestion(a.replaceFirst("^--", ""), List.of("dir")))
                  .findFirst()
                  .orElse(""));
    }
    try {
      return check(named.get(0).substring(DIR.length()));
    } catch (IOException | RuntimeException e) {
      err.printf("Failed: %s%n", Failures.describe(e));
      return Launcher.FAILURE;
    }
  }

  private int usage(String problem) {
    Problems problems = Problems.ofOptions();
    problems.addAsIs(problem);
    err.print(Help.problems(name(), problems));
    return Launcher.USAGE;
  }

  private int check(String directory) throws IOException {
    String root = FileSystems.matchNewResource(directory, /* isDirectory= */ true).toString();
    Map<String, Manifest.Kind> found = find(root);
    if (found.isEmpty()) {
      throw new IllegalArgumentException(
          "--dir must hold a cohort, a model, synthetic sets or an evaluation, was " + root);
    }
    boolean sound = true;
    Map<String, ArtefactDirectory> whole = new TreeMap<>();
    for (Manifest.Kind kind : KINDS) {
      for (Map.Entry<String, Manifest.Kind> artefact : found.entrySet()) {
        if (artefact.getValue() == kind) {
          sound &= check(artefact.getKey(), kind, whole);
        }
      }
    }
    return sound ? Launcher.DONE : Launcher.FAILURE;
  }

  /**
   * Checks an artefact and prints the result. Returns whether it is undamaged.
   *
   * @param whole the undamaged artefacts so far, by path; the artefact is added if it is undamaged
   */
  private boolean check(String path, Manifest.Kind kind, Map<String, ArtefactDirectory> whole) {
    ArtefactDirectory artefact;
    try {
      artefact = read(path, kind);
      checkLineage(artefact, whole);
    } catch (IOException | RuntimeException e) {
      print(State.DAMAGED, kind, Failures.describe(e));
      return false;
    }
    whole.put(path, artefact);
    Optional<Manifest> manifest = artefact.manifest();
    if (manifest.isEmpty()) {
      print(State.UNKNOWN, kind, path + " (no " + Manifest.FILE + "; its content can be read)");
    } else {
      print(
          State.OK,
          kind,
          String.format(
              Locale.ROOT,
              "%s (%d files, %,d bytes)",
              path,
              manifest.get().files().size(),
              manifest.get().files().stream().mapToLong(Manifest.Entry::bytes).sum()));
    }
    return true;
  }

  /** Reads and checks the files of an artefact, and what they hold. */
  private static ArtefactDirectory read(String path, Manifest.Kind kind) throws IOException {
    switch (kind) {
      case COHORT -> {
        Cohort cohort = Cohort.open(path);
        cohort.verify();
        return cohort.files();
      }
      case MODEL -> {
        TarDiffModel model = TarDiffModel.open(path);
        model.verify();
        return model.files();
      }
      case SYNTHETIC_SET -> {
        SyntheticSet set = SyntheticSet.open(path);
        set.verify();
        return set.files();
      }
      default -> {
        ArtefactDirectory artefact = ArtefactDirectory.open(path, kind);
        artefact.verify();
        return artefact;
      }
    }
  }

  /**
   * Checks that each source of an artefact is among the artefacts of the run, if it has any of that
   * kind.
   */
  private static void checkLineage(
      ArtefactDirectory artefact, Map<String, ArtefactDirectory> whole) {
    if (artefact.manifest().isEmpty()) {
      return;
    }
    for (Manifest.Source source : artefact.manifest().get().madeFrom()) {
      List<ArtefactDirectory> ofKind =
          whole.values().stream()
              .filter(
                  other ->
                      other.manifest().map(Manifest::kind).stream().anyMatch(source.kind()::equals))
              .toList();
      if (!ofKind.isEmpty()
          && ofKind.stream().noneMatch(other -> other.lineage().contains(source))) {
        artefact.checkMadeFrom(ofKind.get(0));
        throw new IllegalArgumentException(
            String.format(
                "%s was made from a %s that is not in this run (SHA-256 of its %s: %s)",
                artefact.path(), source.kind(), Manifest.FILE, source.sha256().substring(0, 12)));
      }
    }
  }

  private void print(State state, Manifest.Kind kind, String what) {
    out.printf("%-8s %-14s %s%n", state.name().toLowerCase(Locale.ROOT), kind, what);
  }

  /** Finds the artefacts in a directory and its subdirectories, by path. */
  private static Map<String, Manifest.Kind> find(String root) throws IOException {
    Map<String, Manifest.Kind> found = new TreeMap<>();
    for (MatchResult.Metadata file :
        FileSystems.match(root + "**.json", EmptyMatchTreatment.ALLOW).metadata()) {
      String name = file.resourceId().getFilename();
      String directory = file.resourceId().getCurrentDirectory().toString();
      for (Manifest.Kind kind : KINDS) {
        if (kind.main().equals(name)) {
          found.put(directory, kind);
        }
      }
      if (name.equals(Manifest.FILE) && !found.containsKey(directory)) {
        // Its main file may be missing.
        Manifest.Kind kind = kindOf(directory);
        found.putIfAbsent(directory, kind);
      }
    }
    return found;
  }

  private static Manifest.Kind kindOf(String directory) {
    try {
      return Manifest.read(directory).orElseThrow().kind();
    } catch (RuntimeException e) {
      return Manifest.Kind.EVALUATION;
    }
  }
}
