package io.tardiff.files.npy;

import java.io.IOException;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Bytes that are no {@code .npy} file, or one of a kind that is not read; the message says which.
 */
@Internal
public final class NpyFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  NpyFormatException(String reason) {
    super(reason);
  }
}
