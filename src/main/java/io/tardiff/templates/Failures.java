package io.tardiff.templates;

import com.google.common.base.Throwables;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Says in words why something failed. */
final class Failures {
  private Failures() {}

  /**
   * The innermost cause that says in words what is wrong, as this library's exceptions do. Where
   * there is none the class of the root cause says more than its message.
   */
  static String describe(Throwable failure) {
    return Throwables.getCausalChain(failure).stream()
        .filter(Failures::speaksToPeople)
        .reduce((outer, inner) -> inner)
        .map(Throwable::getMessage)
        .orElseGet(() -> Throwables.getRootCause(failure).toString());
  }

  private static boolean speaksToPeople(Throwable cause) {
    // A cause without a message of its own repeats the next one's, class name first.
    boolean hasOwnMessage =
        cause.getMessage() != null
            && (cause.getCause() == null
                || !cause.getMessage().equals(cause.getCause().toString()));
    return hasOwnMessage
        && (cause instanceof IllegalArgumentException
            || cause instanceof IllegalStateException
            || cause instanceof UncheckedIOException
            || cause.getClass() == IOException.class);
  }
}
