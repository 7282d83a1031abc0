package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.stream.Collectors.joining;

import com.google.common.base.Splitter;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.Serializable;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/**
 * The channels and static covariates that a cohort can be asked for, by name.
 *
 * <p>A dictionary is a CSV file, one line per channel; {@code codes} are separated by semicolons in
 * order of preference:
 *
 * <pre>
 * name,unit,aggregate,codes,outlier_low,valid_low,valid_high,outlier_high
 * SBP,mmHg,mean,SysABP;NISysABP,30,30,280,300
 * Urine,mL,sum,Urine,0,0,2000,3000
 * Age,a,static,Age,0,0,120,130
 * </pre>
 *
 * <p>{@link #standard()} knows the vital signs, urine, GCS and common laboratory values of
 * PhysioNet 2012 and of the simulated cohort; {@link #withFile} adds lines to it, or replaces those
 * of the same name.
 */
public final class ChannelDictionary implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final List<String> COLUMNS =
      List.of(
          "name",
          "unit",
          "aggregate",
          "codes",
          "outlier_low",
          "valid_low",
          "valid_high",
          "outlier_high");

  private final LinkedHashMap<String, ChannelDefinition> definitions;

  private ChannelDictionary(Map<String, ChannelDefinition> definitions) {
    this.definitions = new LinkedHashMap<>(definitions);
  }

  /** The dictionary that comes with the library. */
  public static ChannelDictionary standard() {
    try {
      String text =
          Resources.toString(
              Resources.getResource(ChannelDictionary.class, "channels.csv"),
              StandardCharsets.UTF_8);
      return new ChannelDictionary(Map.of()).withText("channels.csv", text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * This dictionary with the lines of a CSV file on any Beam file system added; a line replaces the
   * one of the same name.
   *
   * @throws IllegalArgumentException naming file, line and what is wrong
   */
  public ChannelDictionary withFile(String path) {
    try {
      return withText(path, AtomicFile.readText(path));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the channel dictionary " + path, e);
    }
  }

  /** This dictionary with one entry added; it replaces the one of the same name. */
  public ChannelDictionary with(ChannelDefinition definition) {
    ChannelDictionary merged = new ChannelDictionary(definitions);
    merged.definitions.put(definition.name(), definition);
    return merged;
  }

  /** The channel of that name. */
  public ChannelDefinition channel(String name) {
    return find(name, false);
  }

  /** The static covariate of that name. */
  public ChannelDefinition staticCovariate(String name) {
    return find(name, true);
  }

  private ChannelDefinition find(String name, boolean isStatic) {
    ChannelDefinition found = definitions.get(name);
    checkArgument(
        found != null && (found.aggregate() == Aggregate.STATIC) == isStatic,
        "%s must name entries of the channel dictionary (%s), was %s",
        isStatic ? "statics" : "channels",
        definitions.values().stream()
            .filter(d -> (d.aggregate() == Aggregate.STATIC) == isStatic)
            .map(ChannelDefinition::name)
            .collect(joining(", ")),
        name);
    return found;
  }

  private ChannelDictionary withText(String source, String text) {
    ChannelDictionary merged = this;
    CSVFormat format =
        CSVFormat.DEFAULT.builder().setHeader().setSkipHeaderRecord(true).setTrim(true).get();
    try (CSVParser lines = CSVParser.parse(new StringReader(text), format)) {
      checkArgument(
          lines.getHeaderNames().equals(COLUMNS),
          "%s must have the header %s",
          source,
          String.join(",", COLUMNS));
      for (CSVRecord line : lines) {
        try {
          merged = merged.with(parse(line));
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              source + " line " + lines.getCurrentLineNumber() + ": " + e.getMessage(), e);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the channel dictionary " + source, e);
    }
    return merged;
  }

  private static ChannelDefinition parse(CSVRecord line) {
    checkArgument(line.isConsistent(), "must have %s fields, had %s", COLUMNS.size(), line.size());
    return ChannelDefinition.of(
        line.get("name"),
        line.get("unit"),
        Aggregate.of(line.get("aggregate")),
        Splitter.on(';').trimResults().splitToList(line.get("codes")),
        number(line, "outlier_low"),
        number(line, "valid_low"),
        number(line, "valid_high"),
        number(line, "outlier_high"));
  }

  private static double number(CSVRecord line, String column) {
    try {
      return Double.parseDouble(line.get(column));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(column + " must be a number, was " + line.get(column), e);
    }
  }
}
