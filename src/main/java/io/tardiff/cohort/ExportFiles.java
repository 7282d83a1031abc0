package io.tardiff.cohort;

import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Reshuffle;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Exports the windows of directories such as cohorts and synthetic sets. Each file is an element of
 * its own, so that workers share the files. {@link WindowExport} writes a file.
 */
@Internal
public final class ExportFiles {
  /** A kind of directory that holds windows. */
  public interface Kind<T> extends Serializable {
    Class<T> type();

    String directory(T element);

    T open(String directory);

    /** Returns the prefixes of the files in a format, such as the names of the splits. */
    List<String> names(T element, ExportFormat format);

    /** Returns the windows that belong in the files with the prefix {@code name}. */
    WindowExport windows(T element, String name);
  }

  private ExportFiles() {}

  /** Exports in each of {@code formats}, and outputs an element once all its files are written. */
  public static <T> PCollection<T> of(
      Kind<T> kind, PCollection<T> elements, Set<ExportFormat> formats) {
    return elements
        .apply("Files to write", ParDo.of(new PlanFn<>(kind, List.copyOf(new TreeSet<>(formats)))))
        .apply("Spread", Reshuffle.viaRandomKey())
        .apply("Export", ParDo.of(new ExportFn<>(kind)))
        .apply("Once", Distinct.create())
        .apply("Open", MapElements.into(TypeDescriptor.of(kind.type())).via(kind::open));
  }

  /** Adds the formats to the display data of a transform. */
  public static void populateDisplayData(Set<ExportFormat> formats, DisplayData.Builder builder) {
    String labels =
        new TreeSet<>(formats).stream().map(ExportFormat::label).collect(Collectors.joining(","));
    builder.add(DisplayData.item("formats", labels).withLabel("Formats"));
  }

  /** Outputs pairs of an element's directory and {@code <name>/<format>}. */
  private static final class PlanFn<T> extends DoFn<T, KV<String, String>> {
    private final Kind<T> kind;
    private final List<ExportFormat> formats;

    PlanFn(Kind<T> kind, List<ExportFormat> formats) {
      this.kind = kind;
      this.formats = formats;
    }

    @ProcessElement
    public void process(@Element T element, OutputReceiver<KV<String, String>> output) {
      for (ExportFormat format : formats) {
        for (String name : kind.names(element, format)) {
          output.output(KV.of(kind.directory(element), name + "/" + format.label()));
        }
      }
    }
  }

  private static final class ExportFn<T> extends DoFn<KV<String, String>, String> {
    private final Kind<T> kind;

    ExportFn(Kind<T> kind) {
      this.kind = kind;
    }

    @ProcessElement
    public void process(@Element KV<String, String> file, OutputReceiver<String> output)
        throws IOException {
      String directory = file.getKey();
      String[] nameAndFormat = file.getValue().split("/", 2);
      kind.windows(kind.open(directory), nameAndFormat[0])
          .write(ExportFormat.of(nameAndFormat[1]), directory, nameAndFormat[0]);
      output.output(directory);
    }
  }
}
