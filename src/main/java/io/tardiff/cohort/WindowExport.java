package io.tardiff.cohort;

import io.tardiff.files.AtomicFile;
import io.tardiff.files.npy.Npy;
import io.tardiff.files.parquet.ParquetOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVPrinter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes windows in formats that other tools read. Base of the exports of cohorts ({@link
 * ExportCohort}) and of synthetic sets.
 *
 * <p>Tables have one row per step: the ids of the window, {@code label}, {@code step}, a column for
 * each channel in clinical units, {@code <channel>_observed} if windows have a mask, and a column
 * for each static covariate, the same in all rows of a window; if windows have soft labels, so are
 * {@code p_0}, {@code p_1}, ..., the probabilities of the classes. Arrays are {@code values} and
 * {@code mask} (float32, {@code [windows, steps, channels]}), {@code statics} (float32, {@code
 * [windows, statics]}), {@code probabilities} (float32, {@code [windows, classes]}) and {@code
 * labels} (int64, {@code [windows]}). Each file takes one pass over the windows, with one window in
 * memory at a time, and is written atomically.
 *
 * <pre>{@code
 * new WindowExport(
 *     spec, List.of(Id.text("window_id", EhrWindow::windowId)), true, true, false, count) {
 *   protected void forEach(Writer writer) throws IOException {
 *     for (EhrWindow window : windows) {
 *       writer.write(window);
 *     }
 *   }
 * }.write(ExportFormat.CSV, directory, "train");   // directory/export/train.csv
 * }</pre>
 */
@Internal
public abstract class WindowExport {
  /** Subdirectory of the directory of the windows. */
  public static final String DIRECTORY = "export";

  private static final String LABEL = "label";
  private static final String STEP = "step";

  /** Receives the windows one by one. */
  @FunctionalInterface
  protected interface Writer {
    /**
     * @param probabilities of each class; not read unless windows have soft labels
     */
    void write(EhrWindow window, float[] probabilities) throws IOException;

    /** Writes a window without a soft label. */
    default void write(EhrWindow window) throws IOException {
      write(window, new float[0]);
    }
  }

  /** Returns the column with the probabilities of a class. */
  public static String probability(int label) {
    return "p_" + label;
  }

  /** A column that identifies the window of a row. */
  public static final class Id {
    private final String name;
    private final boolean isText;
    private final Function<EhrWindow, Object> of;

    private Id(String name, boolean isText, Function<EhrWindow, Object> of) {
      this.name = name;
      this.isText = isText;
      this.of = of;
    }

    /** Creates a text column. */
    public static Id text(String name, Function<EhrWindow, String> of) {
      return new Id(name, true, of::apply);
    }

    /** Creates a column of 64-bit integers. */
    public static Id number(String name, Function<EhrWindow, Long> of) {
      return new Id(name, false, of::apply);
    }
  }

  private final WindowSpec spec;
  private final List<Id> ids;
  private final boolean masked;
  private final List<String> statics;
  private final List<String> probabilities;
  private final long count;

  /**
   * @param ids columns that identify a window
   * @param masked whether to write the mask; without it, every value is taken as observed
   * @param hasStatics whether to write the static covariates
   * @param hasProbabilities whether to write soft labels
   * @param count number of windows
   */
  protected WindowExport(
      WindowSpec spec,
      List<Id> ids,
      boolean masked,
      boolean hasStatics,
      boolean hasProbabilities,
      long count) {
    this.spec = spec;
    this.ids = List.copyOf(ids);
    this.masked = masked;
    this.statics = hasStatics ? spec.statics() : List.of();
    this.probabilities =
        hasProbabilities
            ? IntStream.range(0, spec.classes()).mapToObj(WindowExport::probability).toList()
            : List.of();
    this.count = count;
  }

  /** Whether all windows have a label. Tables leave it empty for those without. */
  protected boolean isLabelled() {
    return true;
  }

  /** Passes all windows to {@code writer}, in the same order on each call. */
  protected abstract void forEach(Writer writer) throws IOException;

  /**
   * Writes the files of one format to {@value #DIRECTORY} in {@code directory}.
   *
   * @param name prefix of the file names
   */
  public final void write(ExportFormat format, String directory, String name) throws IOException {
    String path = AtomicFile.resolve(directory, DIRECTORY + "/" + name);
    switch (format) {
      case CSV -> AtomicFile.write(path + ".csv", this::writeCsv);
      case PARQUET -> AtomicFile.write(path + ".parquet", this::writeParquet);
      case NPY -> {
        int[] window = {spec.steps(), spec.channels().size()};
        writeArray(path + "-values.npy", Npy.Type.FLOAT32, EhrWindow::values, window);
        if (masked) {
          writeArray(path + "-mask.npy", Npy.Type.FLOAT32, of -> numbers(of.mask()), window);
        }
        if (!statics.isEmpty()) {
          writeArray(path + "-statics.npy", Npy.Type.FLOAT32, EhrWindow::statics, statics.size());
        }
        if (!probabilities.isEmpty()) {
          writeArray(
              path + "-probabilities.npy",
              Npy.Type.FLOAT32,
              (of, soft) -> soft,
              probabilities.size());
        }
        writeArray(path + "-labels.npy", Npy.Type.INT64, of -> new float[] {of.label()});
      }
    }
  }

  private void writeArray(
      String path, Npy.Type type, Function<EhrWindow, float[]> row, int... shape)
      throws IOException {
    writeArray(path, type, (window, soft) -> row.apply(window), shape);
  }

  private void writeArray(
      String path, Npy.Type type, BiFunction<EhrWindow, float[], float[]> row, int... shape)
      throws IOException {
    AtomicFile.write(
        path,
        out -> {
          try (Npy.Writer writer = Npy.writer(out, type, count, shape)) {
            forEach((window, soft) -> writer.write(row.apply(window, soft)));
          }
        });
  }

  private static float[] numbers(boolean[] mask) {
    float[] numbers = new float[mask.length];
    for (int i = 0; i < mask.length; i++) {
      numbers[i] = mask[i] ? 1 : 0;
    }
    return numbers;
  }

  private static String observed(WindowSpec.Channel channel) {
    return channel.name() + "_observed";
  }

  private void writeCsv(OutputStream out) throws IOException {
    List<String> header = new ArrayList<>();
    ids.forEach(id -> header.add(id.name));
    header.addAll(List.of(LABEL, STEP));
    spec.channels().forEach(channel -> header.add(channel.name()));
    if (masked) {
      spec.channels().forEach(channel -> header.add(observed(channel)));
    }
    header.addAll(statics);
    header.addAll(probabilities);
    CSVPrinter csv =
        new CSVPrinter(new OutputStreamWriter(out, StandardCharsets.UTF_8), CSVFormat.RFC4180);
    csv.printRecord(header);
    forEachRow(row -> csv.printRecord(row));
    csv.flush();
  }

  private void writeParquet(OutputStream out) throws IOException {
    Types.MessageTypeBuilder schema = Types.buildMessage();
    for (Id id : ids) {
      schema.addField(
          (id.isText
                  ? Types.required(PrimitiveTypeName.BINARY).as(LogicalTypeAnnotation.stringType())
                  : Types.required(PrimitiveTypeName.INT64))
              .named(id.name));
    }
    schema.addField(
        (isLabelled()
                ? Types.required(PrimitiveTypeName.INT32)
                : Types.optional(PrimitiveTypeName.INT32))
            .named(LABEL));
    schema.addField(Types.required(PrimitiveTypeName.INT32).named(STEP));
    for (WindowSpec.Channel channel : spec.channels()) {
      schema.addField(Types.optional(PrimitiveTypeName.FLOAT).named(channel.name()));
    }
    if (masked) {
      for (WindowSpec.Channel channel : spec.channels()) {
        schema.addField(Types.required(PrimitiveTypeName.INT32).named(observed(channel)));
      }
    }
    for (String covariate : statics) {
      schema.addField(Types.optional(PrimitiveTypeName.FLOAT).named(covariate));
    }
    for (String column : probabilities) {
      schema.addField(Types.required(PrimitiveTypeName.FLOAT).named(column));
    }
    MessageType message = schema.named("window_step");
    try (ParquetOutput parquet = new ParquetOutput(Channels.newChannel(out), message)) {
      forEachRow(row -> parquet.write(row.toArray()));
    }
  }

  private static @Nullable Float orNull(float value) {
    return Float.isNaN(value) ? null : value;
  }

  @FunctionalInterface
  private interface RowWriter {
    void write(List<Object> row) throws IOException;
  }

  private void forEachRow(RowWriter writer) throws IOException {
    int width = spec.channels().size();
    forEach(
        (window, soft) -> {
          for (int step = 0; step < spec.steps(); step++) {
            List<Object> row = new ArrayList<>();
            ids.forEach(id -> row.add(id.of.apply(window)));
            row.add(window.isLabelled() ? window.label() : null);
            row.add(step);
            for (int c = 0; c < width; c++) {
              row.add(orNull(window.values()[step * width + c]));
            }
            for (int c = 0; masked && c < width; c++) {
              row.add(window.mask()[step * width + c] ? 1 : 0);
            }
            for (int i = 0; i < statics.size(); i++) {
              row.add(orNull(window.statics()[i]));
            }
            for (int i = 0; i < probabilities.size(); i++) {
              row.add(soft[i]);
            }
            writer.write(row);
          }
        });
  }
}
