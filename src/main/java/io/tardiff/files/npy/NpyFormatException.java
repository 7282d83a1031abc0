package io.tardiff.files.npy;

import java.io.IOException;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Thrown if a file is not a valid {@code .npy} file or has an unsupported type or order. The
 * message says which.
 */
@Internal
public final class NpyFormatException extends IOException {
  private static final long serialVersionUID = 1L;

  NpyFormatException(String reason) {
    super(reason);
  }
}
