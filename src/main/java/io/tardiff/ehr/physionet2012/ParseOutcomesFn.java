package io.tardiff.ehr.physionet2012;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TextFormat;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Parses a table of outcomes, one event per stay. */
final class ParseOutcomesFn extends DoFn<ReadableFile, EhrEvent> {
  private static final String RECORD_ID = "RecordID";
  private static final String DEATH = "In-hospital_death";

  private final Counter deadLetters = Metrics.counter("tardiff.ehr.physionet2012", "deadLetters");

  private final TextFormat format;

  ParseOutcomesFn(TextFormat format) {
    this.format = format;
  }

  @ProcessElement
  public void process(@Element ReadableFile file, MultiOutputReceiver outputs) throws IOException {
    String source = file.getMetadata().resourceId().getFilename();
    TextLines text;
    try {
      text = TextLines.of(file, format);
    } catch (InputFiles.Damaged e) {
      reject(outputs, source, null, "file is truncated");
      return;
    }
    if (text == null) {
      reject(outputs, source, null, "file is too large for an outcome table");
      return;
    }
    List<String> lines = text.lines();
    if (lines.isEmpty()) {
      reject(outputs, source, null, "file is empty");
      return;
    }
    char delimiter = TextLines.delimiter(lines.get(0), format);
    List<String> header = TextLines.fields(lines.get(0), delimiter, format);
    int record = index(header, RECORD_ID);
    int death = index(header, DEATH);
    if (record < 0 || death < 0) {
      reject(outputs, source, 1L, "header must name " + RECORD_ID + " and " + DEATH);
      return;
    }
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).isBlank()) {
        continue;
      }
      outputs.get(EhrTags.counts()).output(ReadCount.of("outcomes", ReadCount.ROWS, 1));
      parse(
          source,
          i + 1L,
          TextLines.fields(lines.get(i), delimiter, format),
          header.size(),
          record,
          death,
          outputs);
    }
  }

  private void parse(
      String source,
      long line,
      List<String> fields,
      int width,
      int record,
      int death,
      MultiOutputReceiver outputs) {
    if (fields.size() != width || fields.get(record).isEmpty()) {
      reject(outputs, source, line, "row has a different number of fields than the header");
      return;
    }
    double died;
    try {
      died = fields.get(death).isEmpty() ? Double.NaN : format.number(fields.get(death));
    } catch (NumberFormatException e) {
      died = Double.NaN;
    }
    if (died != 0 && died != 1) {
      // This is the last column, so a truncated row fails here too.
      reject(outputs, source, line, DEATH + " is not 0 or 1");
      return;
    }
    String stay = Cells.plainId(fields.get(record));
    outputs
        .get(EhrTags.events())
        .output(
            EhrEvent.builder()
                .setSubjectId(stay)
                .setStayId(stay)
                .setCode(EhrEvent.HOSPITAL_DEATH)
                .setNumericValue(died)
                .build());
  }

  /**
   * Index of the exact name, else of the only one that differs in case alone; negative if neither.
   */
  private static int index(List<String> header, String name) {
    if (header.contains(name)) {
      return header.indexOf(name) == header.lastIndexOf(name) ? header.indexOf(name) : -1;
    }
    List<String> alike = header.stream().filter(name::equalsIgnoreCase).toList();
    return alike.size() == 1 ? header.indexOf(alike.get(0)) : -1;
  }

  private void reject(
      MultiOutputReceiver outputs, String source, @Nullable Long line, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, line, reason));
  }
}
