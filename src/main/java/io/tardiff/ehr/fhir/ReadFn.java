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
 * Pieces of files to events. Lines are parsed where they are read: as elements of a pipeline, all
 * those of a compressed file would be in the memory of some runners at once.
 */
final class ReadFn extends DoFn<KV<Metadata, OffsetRange>, EhrEvent> {
  private final ResourceEvents resources;
  private final int longest;

  ReadFn(Settings settings) {
    resources = new ResourceEvents(settings);
    longest = settings.maxRecordBytes();
  }

  @ProcessElement
  public void process(@Element KV<Metadata, OffsetRange> piece, MultiOutputReceiver outputs)
      throws IOException {
    long read = 0;
    try (TextLines lines = open(piece.getKey(), piece.getValue())) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        read++;
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
    outputs.get(EhrTags.counts()).output(ResourceEvents.read(read));
  }

  private TextLines open(Metadata file, OffsetRange piece) throws IOException {
    return InputFiles.isWhole(piece)
        ? TextLines.open(file, null, longest)
        : TextLines.open(file, null, longest, piece.getFrom(), piece.getTo());
  }
}
