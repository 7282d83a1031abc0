package io.tardiff.ehr.table;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.TextLines;
import io.tardiff.files.Bounds;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads your own tables, described by a mapping.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with CSV, Avro or Parquet files, long (one row per
 * observation) or wide (one row per time step), optionally with one file per subject; {@link
 * TableMapping} describes them. {@code samples/cinc2019.yaml} is the mapping of the PhysioNet/CinC
 * 2019 challenge: 40,336 files of hourly rows with a column for the onset of sepsis.
 *
 * <h2>Events</h2>
 *
 * <p>Events are exactly those that the mapping defines. Observations keep their values and units.
 * Events of a table without a stay belong to the subject.
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Tables.read()
 *             .from("gs://bucket/challenge-2019")
 *             .withMapping("gs://bucket/cinc2019.yaml"));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * }</pre>
 *
 * <p>Building the pipeline fails on an invalid mapping, a table without files or files without the
 * required columns, with all problems in one message. A row that cannot be read becomes a dead
 * letter of its table; its valid cells are still read. With one file per subject, a file whose name
 * does not match, that is larger than 64 MiB, or that lacks columns becomes one dead letter, and
 * dead letters never contain file names.
 */
public final class Tables {
  /** Number of files whose headers are checked before the pipeline runs. */
  private static final int FILES_CHECKED = 100;

  private Tables() {}

  /** Returns a reader; {@link Read#from} and {@link Read#withMapping(String)} are required. */
  public static Read read() {
    return new Read(null, null, null, null, TextFormat.standard(), Bounds.RECORD_MIB);
  }

  /** Reads the tables; see {@link Tables}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable TableMapping mapping;
    private final @Nullable String source;
    private final @Nullable Set<String> codes;
    private final TextFormat format;
    private final int maxRecordMegabytes;

    private Read(
        @Nullable String directory,
        @Nullable TableMapping mapping,
        @Nullable String source,
        @Nullable Set<String> codes,
        TextFormat format,
        int maxRecordMegabytes) {
      this.directory = directory;
      this.mapping = mapping;
      this.source = source;
      this.codes = codes;
      this.format = format;
      this.maxRecordMegabytes = maxRecordMegabytes;
    }

    /** Reads the files of the mapping in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, mapping, source, codes, format, maxRecordMegabytes);
    }

    /** Sets the mapping, a YAML file on any Beam file system, which is loaded immediately. */
    public Read withMapping(String path) {
      return new Read(directory, TableMapping.load(path), path, codes, format, maxRecordMegabytes);
    }

    /** Sets the mapping. */
    public Read withMapping(TableMapping mapping) {
      return new Read(directory, mapping, null, codes, format, maxRecordMegabytes);
    }

    /** Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones. */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, mapping, source, Set.copyOf(codes), format, maxRecordMegabytes);
    }

    /** Sets the text format of the tables; the mapping takes precedence. */
    public Read withFormat(TextFormat format) {
      return new Read(directory, mapping, source, codes, format, maxRecordMegabytes);
    }

    /** Sets the maximum size of a file of one subject, in MiB. Default: 16. */
    public Read withMaxRecordMegabytes(int megabytes) {
      return new Read(directory, mapping, source, codes, format, Bounds.checkRecord(megabytes));
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      checkArgument(
          mapping != null, "withMapping must be called: it defines what the columns mean");
      String root = InputFiles.slash(directory);
      check(root);
      List<PCollectionTuple> parts = new ArrayList<>();
      for (MappedTable table : mapping.tables()) {
        parts.add(begin.apply("Table " + table.name(), reader(root, table)));
      }
      return EhrTags.merge(begin.getPipeline(), parts);
    }

    private PTransform<PBegin, PCollectionTuple> reader(String root, MappedTable table) {
      MappedParser parser = new MappedParser(table, format);
      List<String> files = files(root, table);
      if (table.isFilePerSubject()) {
        return new ReadSubjectFiles(parser, files, codes, maxRecordMegabytes * Bounds.MIB);
      }
      return switch (table.format()) {
        case CSV -> ReadTable.of(parser).from(files).withFormat(parser.format()).withCodes(codes);
        case AVRO -> ReadAvroTable.of(parser).from(files).withCodes(codes);
        case PARQUET -> ReadParquetTable.of(parser).from(files).withCodes(codes);
      };
    }

    private static List<String> files(String root, MappedTable table) {
      return table.files().stream().map(file -> root + file).toList();
    }

    /** Checks all tables and reports all problems together. */
    private void check(String root) {
      List<String> problems = new ArrayList<>();
      for (MappedTable table : mapping.tables()) {
        if (table.files().isEmpty()) {
          problems.add("table " + table.name() + " has no files in the mapping");
          continue;
        }
        List<String> missing = new ArrayList<>();
        List<Metadata> present = new ArrayList<>();
        for (String pattern : files(root, table)) {
          List<Metadata> matches = match(pattern);
          present.addAll(matches);
          if (matches.isEmpty()) {
            missing.add(pattern);
          }
        }
        if (!missing.isEmpty()) {
          problems.add("table " + table.name() + " lacks " + String.join(", ", missing));
        } else if (table.format() != MappedTable.Format.CSV) {
          continue;
        } else if (!table.isFilePerSubject() && !isText(present)) {
          if (table.text().delimiter() != null || table.text().charset() != null) {
            problems.add(
                "table "
                    + table.name()
                    + " has a delimiter or a charset in the mapping, but its files are not text");
          }
        } else {
          String problem = headerProblem(table, present);
          if (problem != null) {
            problems.add(problem);
          }
        }
      }
      checkArgument(
          problems.isEmpty(),
          "input must be a directory with the tables of the mapping, was %s: %s",
          directory,
          String.join("; ", problems));
    }

    /**
     * Whether the files are text; {@link ReadTable} checks others, and those of several formats.
     */
    private static boolean isText(List<Metadata> files) {
      try {
        return FileFormat.of(files.subList(0, 1)) == FileFormat.TEXT;
      } catch (IOException e) {
        throw new UncheckedIOException(e.getMessage(), e);
      }
    }

    /** Returns the problem with the headers of a table; null if none. */
    private @Nullable String headerProblem(MappedTable table, List<Metadata> files) {
      MappedParser parser = new MappedParser(table, format);
      String what = "table " + table.name();
      List<Columns> columns = new ArrayList<>();
      String first = null;
      for (Metadata file : files.subList(0, Math.min(FILES_CHECKED, files.size()))) {
        // Messages must not contain the names of files that are named after subjects.
        String name = table.isFilePerSubject() ? what : file.resourceId().toString();
        try (TextLines lines = TextLines.open(file, parser.format().charset())) {
          TextTable text = TextTable.of(parser, lines, parser.format(), name);
          checkArgument(text != null, "%s must begin with a header, was empty", name);
          columns.add(text.rows().columns());
        } catch (IllegalArgumentException e) {
          first = first == null ? e.getMessage() : first;
        } catch (IOException e) {
          first =
              first != null
                  ? first
                  : table.isFilePerSubject() ? what + " has a damaged file" : e.getMessage();
        }
      }
      // A few subject files may be empty or invalid and become dead letters later; a few shards of
      // a table may be empty.
      if (columns.isEmpty() || (first != null && !table.isFilePerSubject())) {
        boolean onlyEmpty = !columns.isEmpty() && first != null && first.endsWith("was empty");
        if (!onlyEmpty) {
          return first;
        }
      }
      try {
        if (files.size() <= FILES_CHECKED || table.isFilePerSubject()) {
          Columns.checkTogether(parser, columns, what);
        }
        return null;
      } catch (IllegalArgumentException e) {
        return e.getMessage();
      }
    }

    private List<Metadata> match(String pattern) {
      try {
        return InputFiles.match(pattern).stream()
            .sorted(Comparator.comparing(file -> file.resourceId().toString()))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list the input directory " + directory, e);
      }
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(
              DisplayData.item("directory", Printable.location(directory))
                  .withLabel("Input directory"))
          .addIfNotNull(
              DisplayData.item("mapping", Printable.location(source)).withLabel("Mapping"))
          .add(
              DisplayData.item("maxRecordMegabytes", maxRecordMegabytes)
                  .withLabel("Maximum MiB of the file of one subject"));
    }
  }
}
