package io.tardiff.ehr.fhir;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.progress.Printable;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.io.FileIO;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads HL7 FHIR R4: observations, patients and encounters, from the files of a bulk export or from
 * resources that a pipeline already has.
 *
 * <h2>Layout</h2>
 *
 * {@link #read()} takes a directory on any Beam file system with files of one resource a line, as
 * {@code $export} makes them. The names do not matter, and a file may mix types:
 *
 * <pre>
 * Observation.ndjson         {"resourceType":"Observation","status":"final","code":...}
 * Observation.000.ndjson.gz
 * Patient.ndjson, Encounter.ndjson
 * </pre>
 *
 * {@link #parse()} takes resources as JSON texts, such as those of Beam's {@code FhirIO}. A text,
 * or a line, may also be a {@code Bundle} (any but a history), whose entries are read one by one,
 * with references between them by {@code fullUrl}.
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
 *   <li>Kept with status {@code final, amended, corrected}; others are dropped and counted.
 *   <li>Subject is the id in {@code subject.reference}: {@code Patient/1}, the same at the end of a
 *       URL, or {@code urn:uuid:...}. What was observed in a group, a device or a place is skipped.
 *       The server's name is not part of the id, so exports of two servers need two runs.
 *   <li>Stay is the id in {@code encounter.reference}, none where there is none; see {@link
 *       Read#withStaysByTime}.
 *   <li>Code is the first of the codings that {@link Read#withCodes} wants, LOINC's before others;
 *       where none is wanted, or all are, the first LOINC code, else the first coding. A LOINC code
 *       is as it is ({@code 8867-4}), others are {@code system|code} (without the version of the
 *       system, where the codes are wanted so); without any coding, {@code text|} and the text.
 *   <li>Time is {@code effectiveDateTime} or {@code effectiveInstant}; the end of an {@code
 *       effectivePeriod}, since the value was not known before (its start where it has no end); the
 *       last {@code effectiveTiming.event}, else the end of its bounds; without any of these {@code
 *       issued}, when it was made available. A date is its first moment (the last one as the end of
 *       a period), and one without an offset is taken as UTC. A year or a month cannot be placed in
 *       a stay and is a dead letter.
 *   <li>{@code valueQuantity} is a number with the UCUM code as unit, else the unit as it is shown;
 *       a comparator ({@code < <= >= >}) becomes the text, so that 5 with the text {@code <} is
 *       less than 5. {@code valueInteger} is a number, {@code valueBoolean} 1 or 0. {@code
 *       valueCodeableConcept} is a text (its text, display or code) with the {@code ordinalValue}
 *       of the answer as number where it has one, as in the Glasgow coma scale. A {@code
 *       valueString} that is a decimal number, with or without a comparator and a unit ({@code <
 *       7.35}, {@code 37.2 Cel}), is one. Other strings, times, ranges and ratios are texts.
 *   <li>{@code valueSampledData} becomes an event a sample: {@code origin + factor * sample}, from
 *       the start of the period on; {@code L} and {@code U} are the lower and upper limit with
 *       {@code <} and {@code >} as text, {@code E} nothing. The second dimension has the code with
 *       {@code #2}, and so on. More than 100,000 samples are a dead letter.
 *   <li>Each {@code component} is read by the same rules: a blood pressure of 85354-9 gives 8480-6
 *       and 8462-4.
 *   <li>No value, with or without a {@code dataAbsentReason}: no event, but a count.
 * </ul>
 *
 * <h2>Patient</h2>
 *
 * <ul>
 *   <li>{@code birthDate}: {@link EhrEvent#BIRTH}; a year or a month stands for its middle.
 *   <li>{@code gender}: {@link EhrEvent#GENDER} for male and female, nothing for others.
 *   <li>{@code deceasedDateTime}: {@link EhrEvent#DEATH}; a date stands for its last moment. {@code
 *       deceasedBoolean}: {@link EhrEvent#ALIVE} where it is false; where it is true there is no
 *       time, so it gives no event and is counted.
 * </ul>
 *
 * <h2>Encounter</h2>
 *
 * <ul>
 *   <li>{@code cancelled, entered-in-error} and {@code planned} are dropped and counted, and so are
 *       classes other than {@link #ENCOUNTER_CLASSES}; see {@link Read#withEncounterClasses}. The
 *       stay is the encounter's id.
 *   <li>{@code period}: {@link EhrEvent#HOSPITAL_ADMISSION} and {@link
 *       EhrEvent#HOSPITAL_DISCHARGE}, unless the encounter is part of another one, which then
 *       frames the hospital stay. An end that is a date includes the day; without an end the stay
 *       goes on.
 *   <li>It is one in an ICU, with {@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} at its
 *       period, where its class, type, service type, profile or system of identifiers names one
 *       (intensive, critical or coronary care, MICU, ...; see {@link Read#withIcuNames}), or has
 *       the SNOMED code of an admission or transfer to one. Else a {@code location} with such a
 *       name gives them at its own period: the first one, joined with those that follow without a
 *       gap. Location resources are not looked up.
 *   <li>{@code hospitalization.dischargeDisposition}: {@link EhrEvent#HOSPITAL_DEATH} at the end of
 *       the period, by every coding, display and text there is, and by extensions of the encounter,
 *       of its hospitalization and of the disposition whose URL speaks of discharge ({@link
 *       io.tardiff.ehr.outcome.Dispositions}). None where nothing is stated; not known where it is
 *       in no list, where the codings contradict each other, or where the encounter is not over.
 *       The class does not matter: other encounters may be part of this one.
 *   <li>{@code partOf}: {@link EhrEvent#HOSPITAL_STAY}. The outcome of a part is that of the whole;
 *       its own counts where it is a death.
 * </ul>
 *
 * <h2>Errors</h2>
 *
 * <p>A directory that is missing or holds no {@code *.ndjson} or {@code *.ndjson.gz} fails when the
 * pipeline is built. What cannot be read becomes a dead letter, by type of the resource and with
 * the reason alone, and the rest is read: a bad component costs the component, a bad line the line,
 * and so the last line of a file that breaks off. A text is refused above 16 MiB ({@link
 * Read#withMaxRecordMegabytes}) or a million values, or nested deeper than 200. Everything that is well formed but gives nothing is in the counters of
 * this class. A resource that two files hold gives its events twice.
 */
public final class FhirR4 {

  /**
   * Classes of encounters that open a stay: inpatient, in general, acute and not, and those for
   * observation, where the patient is in a bed of the hospital too. Left out are emergency visits:
   * they end within hours or go on as an inpatient encounter, and would fill a cohort with stays
   * that have no second day. A source that keeps admissions through the emergency room in that
   * class needs it, as MIMIC-IV on FHIR does.
   */
  public static final String ENCOUNTER_CLASSES = "IMP,ACUTE,NONAC,OBSENC";

  private static final List<String> PATTERNS = List.of("*.ndjson", "*.ndjson.gz");

  private FhirR4() {}

  /** A reader of files; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, Settings.defaults());
  }

  /** A parser of resources that a pipeline already has. */
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

    /** The directory that holds the files. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, settings);
    }

    /**
     * Makes events of these codes alone, and {@linkplain EhrEvent#reservedCodes reserved} ones: an
     * export has thousands of codes and a cohort wants a handful.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, settings.withCodes(codes));
    }

    /**
     * Codes of the encounter classes that open a stay, whatever system they are of; {@link
     * #ENCOUNTER_CLASSES} by default.
     */
    public Read withEncounterClasses(Set<String> classes) {
      return new Read(directory, settings.withClasses(classes));
    }

    /**
     * A regular expression for what the names of ICUs contain, without regard to case, such as
     * {@code intensivstation|its\b}.
     */
    public Read withIcuNames(String regex) {
      return new Read(directory, settings.withIcuNames(regex));
    }

    /**
     * Leaves the encounter of observations aside, so that they belong to whichever stay their time
     * falls into. For sources where the encounter of an observation is not the one that opens the
     * stay: where the laboratory refers to another one, or where the first values are those of an
     * emergency visit. An outcome always belongs to its own encounter.
     */
    public Read withStaysByTime() {
      return new Read(directory, settings.withStaysByTime());
    }

    /** Largest size of a resource or bundle in MiB. Default: 16. */
    public Read withMaxRecordMegabytes(int megabytes) {
      return new Read(directory, settings.withMaxRecordMegabytes(megabytes));
    }

    /** What ways out of the hospital mean; {@link Dispositions#standard()} by default. */
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
      builder.addIfNotNull(DisplayData.item("directory", Printable.location(directory)).withLabel("Input directory"));
    }

    /** Better to fail before anything runs than to build an empty cohort. */
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

  /** Parses resources, or bundles of them, as JSON; see {@link FhirR4}. */
  public static final class Parse extends PTransform<PCollection<String>, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final Settings settings;

    private Parse(Settings settings) {
      this.settings = settings;
    }

    /** As {@link Read#withCodes}. */
    public Parse withCodes(Set<String> codes) {
      return new Parse(settings.withCodes(codes));
    }

    /** As {@link Read#withEncounterClasses}. */
    public Parse withEncounterClasses(Set<String> classes) {
      return new Parse(settings.withClasses(classes));
    }

    /** As {@link Read#withIcuNames}. */
    public Parse withIcuNames(String regex) {
      return new Parse(settings.withIcuNames(regex));
    }

    /** As {@link Read#withStaysByTime}. */
    public Parse withStaysByTime() {
      return new Parse(settings.withStaysByTime());
    }

    /** As {@link Read#withMaxRecordMegabytes}. */
    public Parse withMaxRecordMegabytes(int megabytes) {
      return new Parse(settings.withMaxRecordMegabytes(megabytes));
    }

    /** As {@link Read#withDispositions}. */
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
