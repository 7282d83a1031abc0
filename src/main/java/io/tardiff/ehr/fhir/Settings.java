package io.tardiff.ehr.fhir;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.files.Bounds;
import io.tardiff.settings.TextList;
import java.io.Serializable;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Settings of the reader.
 *
 * @param codes codes to keep besides the reserved ones; null for all
 * @param classes codes of the encounter classes that open a stay
 * @param icuNames pattern to find in names of ICUs
 * @param staysByTime whether to ignore the encounter of observations
 * @param dispositions meaning of discharge dispositions
 * @param maxRecordMegabytes maximum size of a resource or bundle, in MiB
 */
record Settings(
    @Nullable Set<String> codes,
    Set<String> classes,
    Pattern icuNames,
    boolean staysByTime,
    Dispositions dispositions,
    int maxRecordMegabytes)
    implements Serializable {

  /** Only bounded repetition, since the input is untrusted. */
  private static final String ICU_NAMES =
      "intensive care|critical care|coronary care|\\b[a-z]{0,6}icu\\b|\\bccu\\b";

  static Settings defaults() {
    return new Settings(
        null,
        Set.copyOf(TextList.words(FhirR4.ENCOUNTER_CLASSES)),
        pattern(ICU_NAMES),
        false,
        Dispositions.standard(),
        Bounds.RECORD_MIB);
  }

  Settings withCodes(Set<String> wanted) {
    return new Settings(
        Set.copyOf(wanted), classes, icuNames, staysByTime, dispositions, maxRecordMegabytes);
  }

  Settings withClasses(Set<String> wanted) {
    checkArgument(!wanted.isEmpty(), "encounterClasses must name at least one class, was empty");
    return new Settings(
        codes, Set.copyOf(wanted), icuNames, staysByTime, dispositions, maxRecordMegabytes);
  }

  Settings withIcuNames(String regex) {
    return new Settings(
        codes, classes, pattern(regex), staysByTime, dispositions, maxRecordMegabytes);
  }

  Settings withStaysByTime() {
    return new Settings(codes, classes, icuNames, true, dispositions, maxRecordMegabytes);
  }

  Settings withDispositions(Dispositions other) {
    return new Settings(codes, classes, icuNames, staysByTime, other, maxRecordMegabytes);
  }

  Settings withMaxRecordMegabytes(int megabytes) {
    Bounds.checkRecord(megabytes);
    return new Settings(codes, classes, icuNames, staysByTime, dispositions, megabytes);
  }

  int maxRecordBytes() {
    return maxRecordMegabytes * Bounds.MIB;
  }

  boolean wants(String code) {
    return codes == null || codes.contains(code) || EhrEvent.reservedCodes().contains(code);
  }

  private static Pattern pattern(String regex) {
    try {
      return Pattern.compile(regex, Pattern.CASE_INSENSITIVE);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "icuNames must be a regular expression, was " + regex + ": " + e.getDescription(), e);
    }
  }
}
