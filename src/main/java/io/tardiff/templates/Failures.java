package io.tardiff.templates;

import com.google.common.base.Strings;
import com.google.common.base.Throwables;
import io.tardiff.ehr.InputFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Describes in one message why a job failed, here or on a cluster.
 *
 * <p>The message is that of the innermost cause of a type that this library throws, because its
 * messages say what is wrong. Without such a cause, it is the class and message of the root cause.
 */
public final class Failures {
  private static final Set<String> OURS =
      Set.of(
          IllegalArgumentException.class.getName(),
          IllegalStateException.class.getName(),
          UncheckedIOException.class.getName(),
          IOException.class.getName());

  /** What is wrong with a file, by its name. */
  private static final String FILES = InputFiles.class.getName() + "$";

  /** {@code Caused by: java.io.IOException: message}, up to the first frame. */
  private static final Pattern CAUSE =
      Pattern.compile("\\A(?:Caused by: )?((?:[\\w$]+\\.)+[\\w$]+)(?:: (.*))?\\z", Pattern.DOTALL);

  private static final String CAUSED_BY = "Caused by: ";

  /** Start of messages that already name the file. */
  private static final Pattern NAMES_FILE = Pattern.compile("cannot (?:read|write) ");

  private static final String LOST_FOR_GOOD =
      "a TaskManager was lost, and Flink does not restart this job: start the TaskManager again and"
          + " run the same command, which resumes the run; to have Flink restart jobs"
          + " automatically, set restart-strategy.type: exponential-delay or pass"
          + " --numberOfExecutionRetries=3";
  private static final String TOO_FEW_SLOTS =
      "Flink did not find enough free task slots for --parallelism within its"
          + " slot.request.timeout: reduce it, start more TaskManagers or wait for other jobs";
  private static final Pattern NO_SLOT =
      Pattern.compile(
          "NoResourceAvailableException|Pending slot request timed out"
              + "|Slot request bulk is not fulfillable");

  /** Beam's message for a missing required option of a runner, which names the getter. */
  private static final Pattern MISSING =
      Pattern.compile(
          "Missing required value for \\[.*\\.get(\\w)(\\w*)\\(\\), \"(.*)\"\\]\\.\\s*",
          Pattern.DOTALL);

  private static final String NO_RESTART = "NoRestartBackoffTimeStrategy";
  private static final Pattern LOST =
      Pattern.compile(
          "TaskManager with id \\S+ (?:is no longer reachable|timed out)"
              + "|Connection unexpectedly closed by remote task manager"
              + "|Lost connection to task manager"
              + "|TaskExecutor .{0,200}?(?:disconnected|has no more allocated slots)");

  /**
   * @param isOurs whether this library throws exceptions of this type
   */
  private record Cause(String type, String message, boolean isOurs) {

    @Override
    public String toString() {
      return message.isEmpty() ? type : type + ": " + message;
    }
  }

  private Failures() {}

  public static String describe(Throwable failure) {
    List<Cause> causes = new ArrayList<>();
    for (Throwable cause : Throwables.getCausalChain(failure)) {
      causes.add(
          new Cause(
              cause.getClass().getName(),
              Strings.nullToEmpty(cause.getMessage()),
              cause instanceof IllegalArgumentException
                  || cause instanceof IllegalStateException
                  || cause instanceof UncheckedIOException
                  || isOurs(cause.getClass().getName())));
    }
    return describe(causes, Throwables.getStackTraceAsString(failure));
  }

  /** Describes a failure by a stack trace printed by a cluster. */
  public static String describe(String stackTrace) {
    List<Cause> causes = new ArrayList<>();
    StringBuilder head = new StringBuilder();
    boolean inFrames = false;
    for (String line : (stackTrace + "\n" + CAUSED_BY).split("\n", -1)) {
      if (line.startsWith(CAUSED_BY)) {
        parse(head.toString()).ifPresent(causes::add);
        head.setLength(0);
        inFrames = false;
      }
      // A message may have several lines. Frames start with a tab; no message follows them.
      inFrames |= line.startsWith("\t");
      if (!inFrames && !line.startsWith("<Exception on server side")) {
        head.append(head.isEmpty() ? "" : "\n").append(line);
      }
    }
    return causes.isEmpty() ? stackTrace.strip() : describe(causes, stackTrace);
  }

  private static boolean isOurs(String type) {
    return OURS.contains(type) || type.startsWith(FILES);
  }

  private static Optional<Cause> parse(String head) {
    Matcher matcher = CAUSE.matcher(head.strip());
    return matcher.matches()
        ? Optional.of(
            new Cause(
                matcher.group(1),
                Strings.nullToEmpty(matcher.group(2)).strip(),
                isOurs(matcher.group(1))))
        : Optional.empty();
  }

  private static String describe(List<Cause> causes, String stackTrace) {
    if (stackTrace.contains(NO_RESTART) && LOST.matcher(stackTrace).find()) {
      return LOST_FOR_GOOD;
    }
    if (NO_SLOT.matcher(stackTrace).find()) {
      return TOO_FEW_SLOTS;
    }
    for (int i = causes.size() - 1; i >= 0; i--) {
      Cause cause = causes.get(i);
      // A cause created without a message has the next one's toString() as its message.
      boolean repeats =
          i + 1 < causes.size() && cause.message().equals(causes.get(i + 1).toString());
      if (cause.isOurs() && !cause.message().isEmpty() && !repeats) {
        String message = withFile(causes.subList(0, i), cause.message());
        Matcher missing = MISSING.matcher(message);
        return missing.matches()
            ? "--%s%s is missing: %s"
                .formatted(
                    missing.group(1).toLowerCase(Locale.ROOT), missing.group(2), missing.group(3))
            : message;
      }
    }
    int root = causes.size() - 1;
    return withFile(causes.subList(0, root), causes.get(root).toString());
  }

  /**
   * Prepends the file from an outer cause, because a decoder's message does not say which file it
   * read.
   */
  private static String withFile(List<Cause> outer, String message) {
    if (NAMES_FILE.matcher(message).lookingAt()) {
      return message;
    }
    for (int i = outer.size() - 1; i >= 0; i--) {
      String file = outer.get(i).message();
      if (NAMES_FILE.matcher(file).lookingAt()) {
        return file.contains(": ") ? file : file + ": " + message;
      }
    }
    return message;
  }
}
