package io.tardiff.ehr.physionet2012;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TextFormat;
import java.io.IOException;
import java.util.Arrays;
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

/** Parses the file of one stay into events. */
final class ParseRecordFn extends DoFn<ReadableFile, EhrEvent> {
  static final String SOURCE = "record file";
  static final String HEADER = "Time,Parameter,Value";

  private static final Set<String> DESCRIPTORS =
      Set.of("Age", "Gender", "Height", "ICUType", "Weight");
  private static final Pattern TIME = Pattern.compile("(\\d{1,4}):([0-5]\\d)");
  private static final Pattern RECORD_ID = Pattern.compile("\\d{1,18}");
  private static final List<String> COLUMNS = List.of("Time", "Parameter", "Value");
  private static final double UNKNOWN = -1;

  private final Counter stays = Metrics.counter("tardiff.ehr.physionet2012", "stays");
  private final Counter deadLetters = Metrics.counter("tardiff.ehr.physionet2012", "deadLetters");
  private final Counter unknown =
      Metrics.counter("tardiff.ehr.physionet2012", "unknownDescriptors");

  private final TextFormat format;

  ParseRecordFn(TextFormat format) {
    this.format = format;
  }

  @ProcessElement
  public void process(@Element ReadableFile file, MultiOutputReceiver outputs) throws IOException {
    TextLines text;
    try {
      text = TextLines.of(file, format);
    } catch (InputFiles.Damaged e) {
      reject(outputs, "file is truncated");
      return;
    }
    if (text == null) {
      reject(outputs, "file is too large for one stay");
      return;
    }
    List<String> lines = text.lines();
    if (lines.isEmpty()) {
      reject(outputs, "file is empty");
      return;
    }
    char delimiter = TextLines.delimiter(lines.get(0), format);
    List<String> header = TextLines.fields(lines.get(0), delimiter, format);
    int[] order = order(header);
    if (order == null) {
      reject(outputs, "file does not begin with " + HEADER);
      return;
    }
    String stay = lines.size() > 1 ? recordId(fields(lines.get(1), delimiter, order)) : null;
    if (stay == null) {
      reject(outputs, "second line is not a RecordID");
      return;
    }
    stays.inc();
    outputs
        .get(EhrTags.events())
        .output(event(stay, EhrEvent.ADMISSION).setTime(Instant.EPOCH).build());
    int whole = text.complete() ? lines.size() : lines.size() - 1;
    long rows = 0;
    for (String line : lines.subList(Math.min(2, whole), whole)) {
      if (!line.isBlank()) {
        rows++;
        parse(stay, fields(line, delimiter, order), outputs);
      }
    }
    outputs.get(EhrTags.counts()).output(ReadCount.of(SOURCE, ReadCount.ROWS, rows));
    if (!text.complete()) {
      reject(outputs, "file is truncated: its last line is incomplete");
    }
  }

  /** Positions of time, parameter and value; null for any other header. */
  private static int @Nullable [] order(List<String> header) {
    int[] order = new int[COLUMNS.size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = header.indexOf(COLUMNS.get(i));
      if (order[i] < 0 || order[i] != header.lastIndexOf(COLUMNS.get(i))) {
        return null;
      }
    }
    return header.size() == order.length ? order : null;
  }

  /** Time, parameter and value; the fields as they are if their number differs. */
  private List<String> fields(String line, char delimiter, int[] order) {
    List<String> fields = TextLines.fields(line, delimiter, format);
    return fields.size() == order.length
        ? Arrays.stream(order).mapToObj(fields::get).toList()
        : fields;
  }

  private static @Nullable String recordId(List<String> fields) {
    if (fields.size() != 3 || !fields.get(1).equals("RecordID")) {
      return null;
    }
    String id = Cells.plainId(fields.get(2));
    return RECORD_ID.matcher(id).matches() ? id : null;
  }

  private void parse(String stay, List<String> fields, MultiOutputReceiver outputs) {
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
    if (fields.get(2).isEmpty()) {
      outputs.get(EhrTags.counts()).output(ReadCount.of(SOURCE, ReadCount.WITHOUT_VALUE, 1));
      return;
    }
    double value;
    try {
      value = format.number(fields.get(2));
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
