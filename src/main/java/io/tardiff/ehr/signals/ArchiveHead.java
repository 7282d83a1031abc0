package io.tardiff.ehr.signals;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.TextLines;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Header and shape of an archive file, read before the pipeline runs.
 *
 * @param classes declared classes; null if none
 * @param shape shape of the first series
 */
record ArchiveHead(@Nullable List<String> classes, ArchiveFormat.Shape shape) {
  private static final int TAGS_LIMIT = 10_000;

  static ArchiveHead of(Metadata file, TimeSeriesArchive.Format format) {
    List<String> tags = new ArrayList<>();
    try (TextLines lines = TextLines.open(file, null)) {
      String line = lines.next();
      while (line != null && (ArchiveFormat.isComment(line) || ArchiveFormat.isTag(line))) {
        if (ArchiveFormat.isTag(line)) {
          tags.add(line);
        }
        check(file, tags.size() <= TAGS_LIMIT, "has too many header lines");
        line = lines.next();
      }
      check(file, !lines.isTooLong(), "cannot be read: " + lines.tooLong());
      ArchiveFormat.Header header = ArchiveFormat.header(tags);
      check(file, header.problem() == null, String.valueOf(header.problem()));
      check(file, line != null, "has no series");
      return new ArchiveHead(
          header.classes(), ArchiveFormat.shape(ArchiveFormat.row(line, format), format));
    } catch (ArchiveFormat.BadSeriesException e) {
      throw new IllegalArgumentException(
          message(file, "has a bad first series: " + e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file.resourceId(), e);
    }
  }

  private static void check(Metadata file, boolean ok, String problem) {
    checkArgument(ok, "%s", message(file, problem));
  }

  private static String message(Metadata file, String problem) {
    return "input must be labelled series of equal length, was "
        + file.resourceId()
        + ", which "
        + problem;
  }
}
