package io.tardiff.ehr.physionet2012;

import com.google.common.base.Splitter;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.io.IOException;
import java.util.List;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;

/** A table of outcomes to one event per stay. */
final class ParseOutcomesFn extends DoFn<ReadableFile, EhrEvent> {
  private static final String RECORD_ID = "RecordID";
  private static final String DEATH = "In-hospital_death";
  private static final Splitter COMMA = Splitter.on(',');

  private final Counter deadLetters = Metrics.counter("tardiff.ehr.physionet2012", "deadLetters");

  @ProcessElement
  public void process(@Element ReadableFile file, MultiOutputReceiver outputs) throws IOException {
    String source = file.getMetadata().resourceId().getFilename();
    TextLines text = TextLines.of(file);
    if (text == null) {
      reject(outputs, source, null, "file is too large for a table of outcomes");
      return;
    }
    List<String> lines = text.lines();
    if (lines.isEmpty()) {
      reject(outputs, source, null, "file is empty");
      return;
    }
    List<String> header = COMMA.splitToList(lines.get(0));
    int record = header.indexOf(RECORD_ID);
    int death = header.indexOf(DEATH);
    if (record < 0 || death < 0) {
      reject(outputs, source, 1L, "header does not name " + RECORD_ID + " and " + DEATH);
      return;
    }
    for (int i = 1; i < lines.size(); i++) {
      long line = i + 1L;
      List<String> fields = COMMA.splitToList(lines.get(i));
      if (fields.size() != header.size() || fields.get(record).isEmpty()) {
        reject(outputs, source, line, "row does not have the fields of the header");
      } else if (!fields.get(death).equals("0") && !fields.get(death).equals("1")) {
        // The last column: a row that was cut off ends here too.
        reject(outputs, source, line, DEATH + " is not 0 or 1");
      } else {
        String stay = fields.get(record);
        outputs
            .get(EhrTags.events())
            .output(
                EhrEvent.builder()
                    .setSubjectId(stay)
                    .setStayId(stay)
                    .setCode(EhrEvent.HOSPITAL_DEATH)
                    .setNumericValue(Double.valueOf(fields.get(death)))
                    .build());
      }
    }
  }

  private void reject(
      MultiOutputReceiver outputs, String source, @Nullable Long line, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(source, line, reason));
  }
}
