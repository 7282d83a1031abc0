package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.TextLines;
import java.io.IOException;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.range.OffsetRange;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.KV;

/**
 * Reads pieces of files and parses their lines into events. One DoFn does both: if lines were
 * elements, some runners would hold all lines of a compressed file in memory.
 */
final class ReadFn extends DoFn<KV<Metadata, OffsetRange>, EhrEvent> {
  private final ResourceEvents resources;
  private final int maxLineBytes;

  ReadFn(Settings settings) {
    resources = new ResourceEvents(settings);
    maxLineBytes = settings.maxRecordBytes();
  }

  @ProcessElement
  public void process(@Element KV<Metadata, OffsetRange> piece, MultiOutputReceiver outputs)
      throws IOException {
    resources.reset();
    try (TextLines lines = open(piece.getKey(), piece.getValue())) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (lines.isTooLong()) {
          resources.tooLong(outputs);
        } else {
          resources.parse(line, outputs);
        }
      }
      if (lines.latin1() > 0) {
        outputs
            .get(EhrTags.counts())
            .output(ReadCount.of("resources", ReadCount.NOT_UTF_8, lines.latin1()));
      }
    }
    resources.counts().forEach(outputs.get(EhrTags.counts())::output);
  }

  private TextLines open(Metadata file, OffsetRange piece) throws IOException {
    return InputFiles.isWhole(piece)
        ? TextLines.open(file, null, maxLineBytes)
        : TextLines.open(file, null, maxLineBytes, piece.getFrom(), piece.getTo());
  }
}
