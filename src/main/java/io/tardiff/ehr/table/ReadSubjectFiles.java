package io.tardiff.ehr.table;

import com.google.common.base.Strings;
import com.google.common.io.ByteStreams;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.TextLines;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import org.apache.beam.sdk.io.FileIO.ReadableFile;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/** Reads CSV files with one subject each. */
final class ReadSubjectFiles extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final MappedParser parser;
  private final List<String> files;
  private final @Nullable Set<String> codes;
  private final int maxBytes;

  /**
   * @param maxBytes maximum size of a file, in bytes
   */
  ReadSubjectFiles(
      MappedParser parser, List<String> files, @Nullable Set<String> codes, int maxBytes) {
    this.parser = parser;
    this.files = files;
    this.codes = codes;
    this.maxBytes = maxBytes;
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    return begin
        .apply("Files", InputFiles.small(files))
        .apply(
            "Parse",
            ParDo.of(new ParseFn(parser, new EventSink(parser, codes), maxBytes))
                .withOutputTags(
                    EhrTags.events(),
                    TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
  }

  private static final class ParseFn extends DoFn<ReadableFile, EhrEvent> {
    private final MappedParser parser;
    private final EventSink sink;
    private final int maxBytes;

    ParseFn(MappedParser parser, EventSink sink, int maxBytes) {
      this.parser = parser;
      this.sink = sink;
      this.maxBytes = maxBytes;
    }

    @ProcessElement
    public void process(@Element ReadableFile readable, MultiOutputReceiver outputs)
        throws IOException {
      sink.clear();
      String problem = read(readable, outputs);
      if (problem != null) {
        sink.reject(problem, outputs.get(EhrTags.deadLetters())::output);
      }
      sink.flush(outputs.get(EhrTags.counts())::output);
    }

    /** Reads a file; returns why it cannot be read as a whole, or null. */
    private @Nullable String read(ReadableFile readable, MultiOutputReceiver outputs)
        throws IOException {
      MappedTable table = parser.mapping();
      String name = String.valueOf(readable.getMetadata().resourceId().getFilename());
      String subject = id(table.subject(), name);
      boolean stayInFileName = table.stay() != null && table.stay().file() != null;
      String stay = stayInFileName ? id(table.stay(), name) : null;
      if (subject == null || (stayInFileName && stay == null)) {
        return "file name does not match subject.file or stay.file";
      }
      SubjectFile file = new SubjectFile(subject, stay);
      // Read it into memory first: a truncated file would give a partial subject.
      byte[] bytes;
      try (InputStream in = InputFiles.open(readable.getMetadata())) {
        bytes = ByteStreams.limit(in, maxBytes + 1L).readAllBytes();
      } catch (InputFiles.Damaged e) {
        return "file is truncated or corrupt";
      } catch (InputFiles.Refused e) {
        return "file cannot be read: " + e.why();
      }
      if (bytes.length > maxBytes) {
        return "file is larger than " + maxBytes + " bytes";
      }
      TextFormat format = parser.format();
      try (TextLines lines =
          TextLines.open("file", new ByteArrayInputStream(bytes), format.charset())) {
        TextTable text;
        try {
          text = TextTable.of(parser, lines, format, "file");
        } catch (IllegalArgumentException e) {
          return "file lacks columns of the mapping";
        }
        if (text == null) {
          return "file is empty";
        }
        long rows = 0;
        CsvRecords records = new CsvRecords(lines, text.rows(), /* fromStart= */ true);
        for (String line = records.next(); line != null; line = records.next()) {
          if (records.isTooLong()) {
            rows++;
            file.skip();
            sink.reject(records.tooLong(), outputs.get(EhrTags.deadLetters())::output);
          } else if (!line.isBlank()) {
            rows++;
            row(file, line, text.rows(), outputs);
          }
        }
        for (String column : text.rows().columns().missing()) {
          sink.count("rows of a file without the column " + column, rows);
        }
      }
      Long afterLast = table.dischargeAfterLast();
      Instant last = file.last();
      if (afterLast != null && last != null) {
        outputs
            .get(EhrTags.events())
            .output(
                EhrEvent.builder()
                    .setSubjectId(subject)
                    .setStayId(stay)
                    .setTime(last.plus(afterLast))
                    .setCode(EhrEvent.DISCHARGE)
                    .build());
      }
      return null;
    }

    private void row(SubjectFile file, String line, CsvRows rows, MultiOutputReceiver outputs) {
      TableRow row = rows.row(line, sink, outputs.get(EhrTags.deadLetters())::output);
      if (row == null) {
        file.skip();
        return;
      }
      sink.parse(
          file.next(row),
          outputs.get(EhrTags.events())::output,
          outputs.get(EhrTags.deadLetters())::output);
    }

    private static @Nullable String id(MappedTable.Key key, String file) {
      Matcher matcher = key.file().matcher(file);
      return matcher.find() ? Strings.emptyToNull(matcher.group(1)) : null;
    }
  }
}
