package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.parquet.ParquetOutput;
import io.tardiff.ehr.signals.Npy;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * Writes the windows of a finished cohort in the forms that other tools read, in {@code export/}
 * beneath the cohort's directory; the directory comes out when they are there.
 *
 * <pre>{@code
 * events
 *     .apply(BuildCohort.to("gs://bucket/run/cohort"))
 *     .apply(ExportCohort.as(Set.of(ExportFormat.PARQUET, ExportFormat.NPY)));
 * }</pre>
 *
 * <p>For each split:
 *
 * <table>
 * <caption>Files</caption>
 * <tr><td>{@code <split>.csv, <split>.parquet}</td><td>one row per step: {@code window_id, subject_id,
 * label, step}, a column for each channel in clinical units, and {@code <channel>_observed}, 1 where
 * it was observed</td></tr>
 * <tr><td>{@code <split>-values.npy}</td><td>float32 {@code [windows, steps, channels]}</td></tr>
 * <tr><td>{@code <split>-mask.npy}</td><td>float32 of the same shape, 1 where
 * observed, else 0</td></tr>
 * <tr><td>{@code <split>-labels.npy}</td><td>int64 {@code [windows]}</td></tr>
 * </table>
 *
 * <p>Windows stand in the order of their files, sorted by id in each. Each file is streamed: a
 * window is in memory at a time.
 */
public final class ExportCohort extends PTransform<PCollection<String>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  /** Beneath the cohort's directory. */
  public static final String DIRECTORY = "export";

  private final TreeSet<ExportFormat> formats;

  private ExportCohort(Set<ExportFormat> formats) {
    this.formats = new TreeSet<>(formats);
  }

  /** Writes in each of the formats; at least one. */
  public static ExportCohort as(Set<ExportFormat> formats) {
    checkArgument(!formats.isEmpty(), "formats must name at least one format");
    return new ExportCohort(formats);
  }

  @Override
  public PCollection<String> expand(PCollection<String> directories) {
    return directories
        .apply("Files to write", ParDo.of(new PlanFn(List.copyOf(formats))))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Export", ParDo.of(new ExportFn()))
        .apply("Once", Distinct.create());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(
        DisplayData.item(
                "formats",
                formats.stream().map(ExportFormat::label).collect(Collectors.joining(",")))
            .withLabel("Formats"));
  }

  /** Directory to pairs of it and {@code <split>/<format>}. */
  private static final class PlanFn extends DoFn<String, KV<String, String>> {
    private final List<ExportFormat> formats;

    PlanFn(List<ExportFormat> formats) {
      this.formats = formats;
    }

    @ProcessElement
    public void process(@Element String directory, OutputReceiver<KV<String, String>> output) {
      for (Split split : Split.values()) {
        for (ExportFormat format : formats) {
          output.output(KV.of(directory, split.label() + "/" + format.label()));
        }
      }
    }
  }

  private static final class ExportFn extends DoFn<KV<String, String>, String> {
    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<String> output)
        throws IOException {
      Cohort cohort = Cohort.open(file.getKey());
      String[] what = file.getValue().split("/", 2);
      Split split = Split.of(what[0]);
      switch (ExportFormat.of(what[1])) {
        case CSV ->
            AtomicFile.write(path(cohort, split + ".csv"), out -> writeCsv(cohort, split, out));
        case PARQUET ->
            AtomicFile.write(
                path(cohort, split + ".parquet"), out -> writeParquet(cohort, split, out));
        case NPY -> {
          long windows = cohort.count(split);
          WindowSpec spec = cohort.spec();
          AtomicFile.write(
              path(cohort, split + "-values.npy"),
              out -> {
                try (Npy.Writer writer =
                    Npy.writer(
                        out, Npy.Type.FLOAT32, windows, spec.steps(), spec.channels().size())) {
                  each(cohort, split, window -> writer.write(window.values()));
                }
              });
          AtomicFile.write(
              path(cohort, split + "-mask.npy"),
              out -> {
                try (Npy.Writer writer =
                    Npy.writer(
                        out, Npy.Type.FLOAT32, windows, spec.steps(), spec.channels().size())) {
                  each(cohort, split, window -> writer.write(numbers(window.mask())));
                }
              });
          AtomicFile.write(
              path(cohort, split + "-labels.npy"),
              out -> {
                try (Npy.Writer writer = Npy.writer(out, Npy.Type.INT64, windows)) {
                  each(cohort, split, window -> writer.write(new float[] {window.label()}));
                }
              });
        }
      }
      output.output(file.getKey());
    }
  }

  private static String path(Cohort cohort, String name) {
    return FileSystems.matchNewResource(cohort.directory(), /* isDirectory= */ true)
        .resolve(DIRECTORY, StandardResolveOptions.RESOLVE_DIRECTORY)
        .resolve(name.toLowerCase(Locale.ROOT), StandardResolveOptions.RESOLVE_FILE)
        .toString();
  }

  @FunctionalInterface
  private interface WindowWriter {
    void write(EhrWindow window) throws IOException;
  }

  private static void each(Cohort cohort, Split split, WindowWriter writer) throws IOException {
    for (String shard : cohort.shards(split)) {
      try (CloseableIterator<EhrWindow> windows = cohort.read(shard)) {
        while (windows.hasNext()) {
          writer.write(windows.next());
        }
      }
    }
  }

  private static float[] numbers(boolean[] mask) {
    float[] numbers = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      numbers[i] = mask[i] ? 1 : 0;
    }
    return numbers;
  }

  private static void writeCsv(Cohort cohort, Split split, OutputStream out) throws IOException {
    List<String> header = new ArrayList<>(List.of("window_id", "subject_id", "label", "step"));
    cohort.spec().channels().forEach(channel -> header.add(channel.name()));
    cohort.spec().channels().forEach(channel -> header.add(channel.name() + "_observed"));
    Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
    CSVPrinter csv = new CSVPrinter(text, CSVFormat.RFC4180);
    csv.printRecord(header);
    rows(cohort, split, row -> csv.printRecord(row));
    csv.flush();
  }

  private static void writeParquet(Cohort cohort, Split split, OutputStream out)
      throws IOException {
    Types.GroupBuilder<MessageType> schema =
        Types.buildMessage()
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("window_id")
            .required(PrimitiveTypeName.BINARY)
            .as(LogicalTypeAnnotation.stringType())
            .named("subject_id")
            .required(PrimitiveTypeName.INT32)
            .named("label")
            .required(PrimitiveTypeName.INT32)
            .named("step");
    for (WindowSpec.Channel channel : cohort.spec().channels()) {
      schema = schema.optional(PrimitiveTypeName.FLOAT).named(channel.name());
    }
    for (WindowSpec.Channel channel : cohort.spec().channels()) {
      schema = schema.required(PrimitiveTypeName.INT32).named(channel.name() + "_observed");
    }
    MessageType message = schema.named("window_step");
    try (ParquetOutput parquet = new ParquetOutput(Channels.newChannel(out), message)) {
      rows(cohort, split, row -> parquet.write(row.toArray()));
    }
  }

  @FunctionalInterface
  private interface RowWriter {
    void write(List<Object> row) throws IOException;
  }

  private static void rows(Cohort cohort, Split split, RowWriter writer) throws IOException {
    int width = cohort.spec().channels().size();
    each(
        cohort,
        split,
        window -> {
          for (int step = 0; step < cohort.spec().steps(); step++) {
            List<Object> row = new ArrayList<>();
            row.add(window.windowId());
            row.add(window.subjectId());
            row.add(window.label());
            row.add(step);
            for (int c = 0; c < width; c++) {
              float value = window.values()[step * width + c];
              row.add(Float.isNaN(value) ? null : value);
            }
            for (int c = 0; c < width; c++) {
              row.add(window.mask()[step * width + c] ? 1 : 0);
            }
            writer.write(row);
          }
        });
  }
}
