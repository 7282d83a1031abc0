package io.tardiff.ehr.physionet2012;

import com.google.common.base.Splitter;
import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.Cells;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.metrics.Counter;
import org.apache.beam.sdk.metrics.Metrics;
import org.apache.beam.sdk.transforms.DoFn;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** The file of one stay to events. */
final class ParseRecordFn extends DoFn<ReadableFile, EhrEvent> {
  static final String SOURCE = "record file";
  static final String HEADER = "Time,Parameter,Value";

  private static final Set<String> DESCRIPTORS =
      Set.of("Age", "Gender", "Height", "ICUType", "Weight");
  private static final Pattern TIME = Pattern.compile("(\\d{1,4}):([0-5]\\d)");
  private static final Pattern RECORD_ID = Pattern.compile("\\d{1,18}");
  private static final Splitter COMMA = Splitter.on(',');
  private static final double UNKNOWN = -1;

  private final Counter stays = Metrics.counter("tardiff.ehr.physionet2012", "stays");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.physionet2012", "deadLetters");
  private final Counter unknown =
      Metrics.counter("tardiff.ehr.physionet2012", "unknownDescriptors");

  @ProcessElement
  public void process(@Element ReadableFile file, MultiOutputReceiver outputs) throws IOException {
    TextLines text = TextLines.of(file);
    if (text == null) {
      reject(outputs, "file is too large for one stay");
      return;
    }
    List<String> lines = text.lines();
    if (lines.isEmpty()) {
      reject(outputs, "file is empty");
      return;
    }
    if (!lines.get(0).equals(HEADER)) {
      reject(outputs, "file does not begin with " + HEADER);
      return;
    }
    String stay = lines.size() > 1 ? recordId(lines.get(1)) : null;
    if (stay == null) {
      reject(outputs, "second line is not a RecordID");
      return;
    }
    stays.inc();
    outputs
        .get(EhrTags.events())
        .output(event(stay, EhrEvent.ADMISSION).setTime(Instant.EPOCH).build());
    int whole = text.complete() ? lines.size() : lines.size() - 1;
    for (String line : lines.subList(Math.min(2, whole), whole)) {
      parse(stay, line, outputs);
    }
    if (!text.complete()) {
      reject(outputs, "file breaks off: its last line has no end");
    }
  }

  private static @Nullable String recordId(String line) {
    List<String> fields = COMMA.splitToList(line);
    return fields.size() == 3
            && fields.get(1).equals("RecordID")
            && RECORD_ID.matcher(fields.get(2)).matches()
        ? fields.get(2)
        : null;
  }

  private void parse(String stay, String line, MultiOutputReceiver outputs) {
    List<String> fields = COMMA.splitToList(line);
    if (fields.size() != 3) {
      reject(outputs, "row does not have three fields");
      return;
    }
    Matcher time = TIME.matcher(fields.get(0));
    if (!time.matches()) {
      reject(outputs, "time is not HH:MM");
      return;
    }
    String parameter = fields.get(1);
    if (parameter.isEmpty()) {
      reject(outputs, "parameter is empty");
      return;
    }
    double value;
    try {
      value = Cells.decimal(fields.get(2));
    } catch (NumberFormatException e) {
      reject(outputs, "value is not a number");
      return;
    }
    if (!Double.isFinite(value)) {
      reject(outputs, "value is not finite");
      return;
    }
    boolean descriptor = DESCRIPTORS.contains(parameter);
    if (descriptor && value == UNKNOWN) {
      unknown.inc();
      return;
    }
    long minutes = Long.parseLong(time.group(1)) * 60 + Long.parseLong(time.group(2));
    EhrEvent.Builder event = event(stay, parameter).setNumericValue(value);
    if (!descriptor || minutes > 0) {
      event.setTime(Instant.ofEpochSecond(minutes * 60));
    }
    outputs.get(EhrTags.events()).output(event.build());
  }

  private static EhrEvent.Builder event(String stay, String code) {
    return EhrEvent.builder().setSubjectId(stay).setStayId(stay).setCode(code);
  }

  private void reject(MultiOutputReceiver outputs, String reason) {
    deadLetters.inc();
    outputs.get(EhrTags.deadLetters()).output(DeadLetter.of(SOURCE, null, reason));
  }
}
