package io.tardiff.ehr.fhir;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.progress.Printable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads observations, patients and encounters of HL7 FHIR R4, from the files of a bulk export or
 * from a collection of resources.
 *
 * <h2>Layout</h2>
 *
 * {@link #read()} reads a directory on any Beam file system whose files have one resource per line,
 * as {@code $export} writes them. File names do not matter, and a file may mix resource types:
 *
 * <pre>
 * Observation.ndjson         {"resourceType":"Observation","status":"final","code":...}
 * Observation.000.ndjson.gz
 * Patient.ndjson, Encounter.ndjson
 * </pre>
 *
 * {@link #parse()} parses resources as JSON texts, such as those of Beam's {@code FhirIO}. A text
 * or line may also be a {@code Bundle} (except a history); its entries may refer to each other by
 * {@code fullUrl}. A member that is null is read as missing.
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(FhirR4.read().from("gs://bucket/export"));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 *
 * PCollectionTuple bundles =
 *     pipeline
 *         .apply(FileIO.match().filepattern("/data/synthea/fhir/*.json"))
 *         .apply(FileIO.readMatches())
 *         .apply(
 *             MapElements.into(TypeDescriptors.strings())
 *                 .via(
 *                     (ProcessFunction<FileIO.ReadableFile, String>)
 *                         FileIO.ReadableFile::readFullyAsUTF8String))
 *         .apply(FhirR4.parse().withEncounterClasses(Set.of("IMP", "EMER")));
 * }</pre>
 *
 * <h2>Observation</h2>
 *
 * <ul>
 *   <li>Only those with status {@code final}, {@code amended} or {@code corrected} are kept; others
 *       are counted.
 *   <li>The subject is the id in {@code subject.reference}: {@code Patient/1}, a URL that ends so,
 *       or {@code urn:uuid:...}. Observations of groups, devices or locations are skipped. The id
 *       does not include the server, so read exports of different servers in separate runs.
 *   <li>The stay is the id in {@code encounter.reference}, if any; see {@link
 *       Read#withStaysByTime}.
 *   <li>The code is the first coding selected by {@link Read#withCodes}, LOINC before others; if no
 *       codes are selected, the first LOINC code, else the first coding. A LOINC code is unchanged
 *       ({@code 8867-4}), others are {@code system|code}, and {@code withCodes} may omit the
 *       version of the system. A concept without coding is {@code text|} and its text.
 *   <li>The time is {@code effectiveDateTime} or {@code effectiveInstant}; the end of an {@code
 *       effectivePeriod}, since the value was not known before (its start if it has no end); the
 *       last {@code effectiveTiming.event}, else the end of its bounds; or else {@code issued}. A
 *       date is its first moment (its last at the end of a period). A time without an offset is
 *       read as UTC. A bare year or month cannot be placed in a stay and is a dead letter.
 *   <li>{@code valueQuantity} is a number; its unit is the UCUM code, else the displayed unit. A
 *       comparator ({@code < <= >= >}) becomes the text: 5 with the text {@code <} means less than
 *       5. {@code valueInteger} is a number, {@code valueBoolean} 1 or 0. {@code
 *       valueCodeableConcept} is a text (its text, display or code), with the {@code ordinalValue}
 *       of the answer, if any, as the number, as in the Glasgow coma scale. A {@code valueString}
 *       that is a decimal number, optionally with a comparator and a unit ({@code < 7.35}, {@code
 *       37.2 Cel}), is a number. Other strings, times, ranges and ratios are texts.
 *   <li>{@code valueSampledData} gives one event per sample: {@code origin + factor * sample},
 *       starting at the start of the period. {@code L} and {@code U} are the lower and upper limit
 *       with the text {@code <} or {@code >}; {@code E} is counted as absent. The code of the
 *       second dimension ends in {@code #2}, and so on. More than 100,000 samples are a dead
 *       letter.
 *   <li>The same rules apply to each {@code component}: a blood pressure panel 85354-9 gives 8480-6
 *       and 8462-4.
 *   <li>An observation without a value, with or without {@code dataAbsentReason}, is counted and
 *       gives no event.
 * </ul>
 *
 * <h2>Patient</h2>
 *
 * <ul>
 *   <li>{@code birthDate}: {@link EhrEvent#BIRTH}; a bare year or month is placed at its middle.
 *   <li>{@code gender}: {@link EhrEvent#GENDER} for male and female only.
 *   <li>{@code deceasedDateTime}: {@link EhrEvent#DEATH}; a date is its last moment. {@code
 *       deceasedBoolean}: {@link EhrEvent#ALIVE} if false; if true, the time of death is unknown,
 *       so it is counted and gives no event.
 * </ul>
 *
 * <h2>Encounter</h2>
 *
 * <ul>
 *   <li>Encounters with status {@code cancelled}, {@code entered-in-error} or {@code planned}, or
 *       with a class other than {@link #ENCOUNTER_CLASSES} ({@link Read#withEncounterClasses}),
 *       open no stay and are counted. The stay is the id of the encounter.
 *   <li>{@code period}: {@link EhrEvent#HOSPITAL_ADMISSION} and {@link
 *       EhrEvent#HOSPITAL_DISCHARGE}, unless the encounter is part of another, which then is the
 *       hospital stay. An end date includes the whole day; without an end there is no discharge.
 *   <li>An encounter is an ICU stay, with {@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE}
 *       at its period, if its class, type, service type, profile or identifier system names an ICU
 *       (intensive, critical or coronary care, MICU, ...; see {@link Read#withIcuNames}), or if its
 *       type is the SNOMED code of an admission or transfer to one. Otherwise, a {@code location}
 *       with such a name gives them at its own period: the first one, joined with those that follow
 *       without a gap. Location resources are not resolved.
 *   <li>{@code hospitalization.dischargeDisposition}: {@link EhrEvent#HOSPITAL_DEATH} at the end of
 *       the period, from all codings, displays and texts, and from extensions about the discharge
 *       ({@link io.tardiff.ehr.outcome.Dispositions}). There is no outcome if nothing is stated,
 *       and an unknown one if the disposition is unlisted, the codings contradict each other, or
 *       the encounter is not over. It is read from encounters of any class, because stays may be
 *       part of them.
 *   <li>{@code partOf}: {@link EhrEvent#HOSPITAL_STAY}. The outcome of a part is that of the whole;
 *       its own counts only if it is a death.
 * </ul>
 *
 * <h2>Errors</h2>
 *
 * <p>Building the pipeline fails if the directory is missing or has no {@code *.ndjson} or {@code
 * .ndjson.gz}. What cannot be read becomes a dead letter with the resource type and the reason, and
 * the rest is read: a bad component loses only the component, a bad or truncated line only the
 * line. A resource or bundle is rejected if it exceeds 16 MiB ({@link
 * Read#withMaxRecordMegabytes}), a million values or a nesting depth of 200. Well-formed content
 * that yields no event is counted in the metrics. A resource in two files yields its events twice.
 */
public final class FhirR4 {

  /**
   * Default encounter classes that open a stay: inpatient (general, acute and non-acute) and
   * observation, where the patient also occupies a hospital bed. Emergency visits are excluded
   * because they end within hours or continue as an inpatient encounter. Add {@code EMER} for
   * sources such as MIMIC-IV on FHIR that record admissions through the emergency room in that
   * class.
   */
  public static final String ENCOUNTER_CLASSES = "IMP,ACUTE,NONAC,OBSENC";

  private static final List<String> PATTERNS = List.of("*.ndjson", "*.ndjson.gz");

  private FhirR4() {}

  /** Returns a reader of files; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, Settings.defaults());
  }

  /** Returns a parser of JSON resources. */
  public static Parse parse() {
    return new Parse(Settings.defaults());
  }

  /** Reads the files of a bulk export; see {@link FhirR4}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final Settings settings;

    private Read(@Nullable String directory, Settings settings) {
      this.directory = directory;
      this.settings = settings;
    }

    /** Reads the files in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, settings);
    }

    /**
     * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones.
     * Default: all codes.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, settings.withCodes(codes));
    }

    /**
     * Sets the codes of the encounter classes that open a stay, of any code system. Default: {@link
     * #ENCOUNTER_CLASSES}.
     */
    public Read withEncounterClasses(Set<String> classes) {
      return new Read(directory, settings.withClasses(classes));
    }

    /**
     * Sets a case-insensitive regular expression to find in names of ICUs, such as {@code
     * intensivstation|its\b}.
     */
    public Read withIcuNames(String regex) {
      return new Read(directory, settings.withIcuNames(regex));
    }

    /**
     * Ignores the encounter of observations and assigns them to stays by time. For sources where
     * observations refer to a different encounter than the one that opens the stay, such as a
     * laboratory encounter or the emergency visit before it. Outcomes still belong to their
     * encounter.
     */
    public Read withStaysByTime() {
      return new Read(directory, settings.withStaysByTime());
    }

    /** Sets the maximum size of a resource or bundle, in MiB. Default: 16. */
    public Read withMaxRecordMegabytes(int megabytes) {
      return new Read(directory, settings.withMaxRecordMegabytes(megabytes));
    }

    /** Sets the meaning of discharge dispositions. Default: {@link Dispositions#standard()}. */
    public Read withDispositions(Dispositions dispositions) {
      return new Read(directory, settings.withDispositions(dispositions));
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      PCollectionTuple parsed =
          begin
              .apply("Files", Create.of(patterns(directory)))
              .apply("Match", FileIO.matchAll())
              .apply("Pieces", InputFiles.pieces(null, InputFiles.PIECE))
              .apply(
                  "Parse resources",
                  ParDo.of(new ReadFn(settings))
                      .withOutputTags(EhrTags.events(), ResourceEvents.furtherOutputs()));
      return outputs(parsed);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(
          DisplayData.item("directory", Printable.location(directory))
              .withLabel("Input directory"));
    }

    /** Fails early rather than build an empty cohort. */
    private static List<String> patterns(String directory) {
      String root = InputFiles.slash(directory);
      List<String> found = new ArrayList<>();
      try {
        for (String pattern : PATTERNS) {
          if (!InputFiles.match(root + pattern).isEmpty()) {
            found.add(root + pattern);
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list the input directory " + directory, e);
      }
      checkArgument(
          !found.isEmpty(),
          "input must be a directory with a FHIR bulk export, was %s: it is missing or has no files"
              + " %s",
          directory,
          String.join(" or ", PATTERNS));
      return found;
    }
  }

  private static PCollectionTuple outputs(PCollectionTuple parsed) {
    parsed.get(ResourceEvents.OFFSETS).apply("Warn of offsets", new WarnOfOffsets());
    return PCollectionTuple.of(EhrTags.events(), parsed.get(EhrTags.events()))
        .and(EhrTags.deadLetters(), parsed.get(EhrTags.deadLetters()))
        .and(EhrTags.counts(), parsed.get(EhrTags.counts()));
  }

  /** Parses JSON resources and bundles; see {@link FhirR4}. */
  public static final class Parse extends PTransform<PCollection<String>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final Settings settings;

    private Parse(Settings settings) {
      this.settings = settings;
    }

    /** See {@link Read#withCodes}. */
    public Parse withCodes(Set<String> codes) {
      return new Parse(settings.withCodes(codes));
    }

    /** See {@link Read#withEncounterClasses}. */
    public Parse withEncounterClasses(Set<String> classes) {
      return new Parse(settings.withClasses(classes));
    }

    /** See {@link Read#withIcuNames}. */
    public Parse withIcuNames(String regex) {
      return new Parse(settings.withIcuNames(regex));
    }

    /** See {@link Read#withStaysByTime}. */
    public Parse withStaysByTime() {
      return new Parse(settings.withStaysByTime());
    }

    /** See {@link Read#withMaxRecordMegabytes}. */
    public Parse withMaxRecordMegabytes(int megabytes) {
      return new Parse(settings.withMaxRecordMegabytes(megabytes));
    }

    /** See {@link Read#withDispositions}. */
    public Parse withDispositions(Dispositions dispositions) {
      return new Parse(settings.withDispositions(dispositions));
    }

    @Override
    public PCollectionTuple expand(PCollection<String> resources) {
      return outputs(
          resources.apply(
              "Parse resources",
              ParDo.of(new ParseFn(settings))
                  .withOutputTags(EhrTags.events(), ResourceEvents.furtherOutputs())));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .add(
              DisplayData.item(
                      "encounterClasses", String.join(",", new TreeSet<>(settings.classes())))
                  .withLabel("Encounter classes that open a stay"))
          .add(
              DisplayData.item("staysByTime", settings.staysByTime())
                  .withLabel("Observations belong to stays by time"));
    }
  }
}
