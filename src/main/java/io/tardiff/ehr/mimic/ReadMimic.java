package io.tardiff.ehr.mimic;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TextFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the tables of MIMIC-III or MIMIC-IV; created by {@link Mimic3#read} and {@link
 * Mimic4#read}.
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(Mimic3.read().from("/data/mimic3").withCodes(codes));
 * }</pre>
 */
public final class ReadMimic extends PTransform<PBegin, PCollectionTuple> {
  private static final long serialVersionUID = 1L;

  private final List<String> subdirectories;
  private final List<TableParser> required;
  private final List<TableParser> optional;
  private final @Nullable String directory;
  private final @Nullable Set<String> codes;
  private final TextFormat format;

  private ReadMimic(
      List<String> subdirectories,
      List<TableParser> required,
      List<TableParser> optional,
      @Nullable String directory,
      @Nullable Set<String> codes,
      TextFormat format) {
    this.subdirectories = subdirectories;
    this.required = required;
    this.optional = optional;
    this.directory = directory;
    this.codes = codes;
    this.format = format;
  }

  /**
   * @param subdirectories searched for tables, besides the directory itself
   * @param optional tables that may be missing
   */
  static ReadMimic of(
      List<String> subdirectories, List<TableParser> required, List<TableParser> optional) {
    return new ReadMimic(subdirectories, required, optional, null, null, TextFormat.standard());
  }

  /** Reads the tables in this directory. */
  public ReadMimic from(String directory) {
    checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
    return new ReadMimic(subdirectories, required, optional, directory, codes, format);
  }

  /** Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones. */
  public ReadMimic withCodes(Set<String> codes) {
    return new ReadMimic(subdirectories, required, optional, directory, Set.copyOf(codes), format);
  }

  /** Sets the text format of the tables. Default: {@link TextFormat#standard()}. */
  public ReadMimic withFormat(TextFormat format) {
    return new ReadMimic(subdirectories, required, optional, directory, codes, format);
  }

  /** Sets the meaning of discharge locations. Default: {@link Dispositions#standard()}. */
  public ReadMimic withDispositions(Dispositions dispositions) {
    return new ReadMimic(
        subdirectories,
        required.stream()
            .map(
                parser ->
                    parser instanceof AdmissionParser admissions
                        ? admissions.with(dispositions)
                        : parser)
            .toList(),
        optional,
        directory,
        codes,
        format);
  }

  @Override
  public PCollectionTuple expand(PBegin begin) {
    checkArgument(directory != null, "from must be called: it names the input directory");
    TableFiles files =
        TableFiles.in(directory, subdirectories.toArray(String[]::new))
            .require(required.stream().map(TableParser::table).toArray(String[]::new));
    List<TableParser> parsers = new ArrayList<>(required);
    parsers.addAll(optional);
    List<PCollectionTuple> tables = new ArrayList<>();
    for (TableParser parser : parsers) {
      List<String> found = files.of(parser.table());
      if (found.isEmpty()) {
        continue;
      }
      tables.add(
          begin.apply(
              "Read " + parser.table(),
              ReadTable.of(parser).from(found).withFormat(format).withCodes(codes)));
    }
    return EhrTags.merge(begin.getPipeline(), tables);
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.addIfNotNull(DisplayData.item("directory", directory).withLabel("Input directory"));
  }
}
