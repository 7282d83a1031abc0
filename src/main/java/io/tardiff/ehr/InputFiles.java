package io.tardiff.ehr;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.util.List;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.Compression;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MetadataCoder;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;

/** Files of a source, on any Beam file system: what readers do before and while they read. */
@Internal
public final class InputFiles {
  /** Enough to share among workers, too few for the cost of a bundle to show. */
  private static final int BUNDLES = 64;

  private InputFiles() {}

  /** The directory with a slash at its end, so that a pattern can follow. */
  public static String slash(String directory) {
    return directory.endsWith("/") ? directory : directory + "/";
  }

  /** The files that a pattern matches; none where there are none. */
  public static List<Metadata> match(String pattern) throws IOException {
    MatchResult match = FileSystems.match(pattern, EmptyMatchTreatment.ALLOW);
    return match.status() == MatchResult.Status.OK ? match.metadata() : List.of();
  }

  /** The content of a file, uncompressed by the ending of its name; the caller closes it. */
  public static InputStream open(Metadata file) throws IOException {
    Compression compression = Compression.detect(String.valueOf(file.resourceId().getFilename()));
    return Channels.newInputStream(
        compression.readDecompressed(FileSystems.open(file.resourceId())));
  }

  /**
   * The files that any of the patterns matches, thousands of small ones maybe: gathered into few
   * bundles, where {@link FileIO#matchAll} makes one of each.
   */
  public static PTransform<PBegin, PCollection<FileIO.ReadableFile>> small(List<String> patterns) {
    return new Small(patterns);
  }

  private static final class Small extends PTransform<PBegin, PCollection<FileIO.ReadableFile>> {
    private static final long serialVersionUID = 1L;

    private final List<String> patterns;

    Small(List<String> patterns) {
      this.patterns = List.copyOf(patterns);
    }

    @Override
    public PCollection<FileIO.ReadableFile> expand(PBegin begin) {
      return begin
          .apply("Patterns", Create.of(patterns))
          .apply("Match", ParDo.of(new MatchFn()))
          .setCoder(MetadataCoder.of())
          .apply("Spread", Reshuffle.<Metadata>viaRandomKey().withNumBuckets(BUNDLES))
          .apply("Open", FileIO.readMatches());
    }
  }

  private static final class MatchFn extends DoFn<String, Metadata> {
    @ProcessElement
    public void process(@Element String pattern, OutputReceiver<Metadata> out) throws IOException {
      match(pattern).forEach(out::output);
    }
  }
}
