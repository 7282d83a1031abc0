package io.tardiff.ehr.eicu;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import org.apache.beam.sdk.values.TypeDescriptors;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.joda.time.Instant;

/**
 * Reads the eICU Collaborative Research Database 2.0.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with the CSV files as they are downloaded, compressed or not,
 * names in any case. The subject is uniquepid, a person who may have several stays, and the stay
 * patientunitstayid.
 *
 * <table>
 * <caption>Tables and the events of a row</caption>
 * <tr><td>patient</td><td>{@code ICU_ADMISSION} at the epoch; {@code ICU_DISCHARGE}, {@code
 * HOSPITAL_ADMISSION}, {@code HOSPITAL_DISCHARGE} at their offsets; {@code HOSPITAL_DEATH} by
 * hospitaldischargestatus, none where that is blank; {@code Age} ({@code > 89} is 90), {@code
 * Gender}, {@code Height}, {@code Weight}</td></tr>
 * <tr><td>vitalPeriodic, vitalAperiodic</td><td>one for each vital sign, by the column's name</td></tr>
 * <tr><td>lab</td><td>labname, with labmeasurenamesystem as the unit</td></tr>
 * <tr><td>intakeOutput</td><td>celllabel</td></tr>
 * <tr><td>nurseCharting</td><td>{@code nursingchartcelltypevallabel|nursingchartcelltypevalname}, such
 * as {@code Temperature|Temperature (C)}</td></tr>
 * </table>
 *
 * <p>The table patient is required, and vitalPeriodic or vitalAperiodic; the others are read where
 * they are there. Offsets are minutes since the admission to the unit and stay as they are,
 * negative ones too. The vocabulary is {@code eicu}.
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * CohortConfig config = CohortConfig.builder().setVocabulary("eicu").build();
 * PCollectionTuple read =
 *     pipeline.apply(Eicu.read().from("gs://bucket/eicu").withCodes(config.codes()));
 * read.get(EhrTags.events()).apply(BuildCohort.to(directory).withConfig(config));
 * }</pre>
 *
 * <p>Rows of your own go through {@link io.tardiff.ehr.table.ParseTable} with the parsers that this
 * class offers; the events of tables other than patient then have the stay as their subject, which
 * is to be replaced by the person.
 *
 * <h2>Errors</h2>
 *
 * A missing table or column fails when the pipeline is built. A row that cannot be read, or whose
 * stay is not in the table patient, becomes a dead letter.
 */
public final class Eicu {
  private Eicu() {}

  /** A reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null);
  }

  /** Parser of patient. */
  public static TableParser patient() {
    return new StayParser();
  }

  /** Parser of vitalPeriodic. */
  public static TableParser vitalPeriodic() {
    return new WideParser(
        "vitalPeriodic",
        List.of(
            "temperature",
            "sao2",
            "heartrate",
            "respiration",
            "cvp",
            "etco2",
            "systemicsystolic",
            "systemicdiastolic",
            "systemicmean",
            "pasystolic",
            "padiastolic",
            "pamean",
            "icp"));
  }

  /** Parser of vitalAperiodic. */
  public static TableParser vitalAperiodic() {
    return new WideParser(
        "vitalAperiodic",
        List.of(
            "noninvasivesystolic",
            "noninvasivediastolic",
            "noninvasivemean",
            "paop",
            "cardiacoutput",
            "cardiacinput",
            "svr",
            "svri",
            "pvr",
            "pvri"));
  }

  /** Parser of lab. */
  public static TableParser lab() {
    return new LongParser(
        "lab",
        "labresultoffset",
        List.of("labname"),
        "labresult",
        "labmeasurenamesystem",
        /* text= */ false);
  }

  /** Parser of intakeOutput. */
  public static TableParser intakeOutput() {
    return new LongParser(
        "intakeOutput",
        "intakeoutputoffset",
        List.of("celllabel"),
        "cellvaluenumeric",
        null,
        /* text= */ false);
  }

  /** Parser of nurseCharting. */
  public static TableParser nurseCharting() {
    return new LongParser(
        "nurseCharting",
        "nursingchartoffset",
        List.of("nursingchartcelltypevallabel", "nursingchartcelltypevalname"),
        "nursingchartvalue",
        null,
        /* text= */ true);
  }

  /** An event of a stay whose person is not known yet. */
  static EhrEvent.Builder observation(String stay, Instant time, String code) {
    return EhrEvent.builder().setSubjectId(stay).setStayId(stay).setTime(time).setCode(code);
  }

  /** Reads the data set; see {@link Eicu}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Set<String> codes;

    private Read(@Nullable String directory, @Nullable Set<String> codes) {
      this.directory = directory;
      this.codes = codes;
    }

    /** The directory of the files. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes);
    }

    /** Makes events of these codes only, and of those that frame a stay; all by default. */
    public Read withCodes(Set<String> codes) {
      return new Read(directory, Set.copyOf(codes));
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      TableFiles files = TableFiles.in(directory).require("patient");
      checkArgument(
          !files.of("vitalPeriodic").isEmpty() || !files.of("vitalAperiodic").isEmpty(),
          "input must be a directory with vitalPeriodic.csv[.gz] or vitalAperiodic.csv[.gz], was %s",
          directory);
      PCollectionTuple stays =
          begin.apply(
              "Read patient", ReadTable.of(patient()).from(files.of("patient")).onlyCodes(codes));
      PCollectionView<Map<String, String>> persons =
          stays
              .get(EhrTags.events())
              .apply("Stays", Filter.by(event -> event.getCode().equals(EhrEvent.ADMISSION)))
              .apply(
                  "Stay to person",
                  MapElements.into(
                          TypeDescriptors.kvs(TypeDescriptors.strings(), TypeDescriptors.strings()))
                      .via(event -> KV.of(event.getStayId(), event.getSubjectId())))
              .apply("One person a stay", Combine.perKey(Read::first))
              .apply("Persons", View.asMap());
      PCollectionList<EhrEvent> events = PCollectionList.of(stays.get(EhrTags.events()));
      PCollectionList<DeadLetter> letters = PCollectionList.of(stays.get(EhrTags.deadLetters()));
      for (TableParser parser :
          List.of(vitalPeriodic(), vitalAperiodic(), lab(), intakeOutput(), nurseCharting())) {
        List<String> paths = files.of(parser.table());
        if (paths.isEmpty()) {
          continue;
        }
        PCollectionTuple read =
            begin.apply(
                "Read " + parser.table(), ReadTable.of(parser).from(paths).onlyCodes(codes));
        PCollectionTuple known =
            read.get(EhrTags.events())
                .apply(
                    "Persons of " + parser.table(),
                    ParDo.of(new AssignPersonFn(parser.table(), persons))
                        .withSideInputs(persons)
                        .withOutputTags(EhrTags.events(), TupleTagList.of(EhrTags.deadLetters())));
        events = events.and(known.get(EhrTags.events()));
        letters =
            letters.and(read.get(EhrTags.deadLetters())).and(known.get(EhrTags.deadLetters()));
      }
      PCollection<EhrEvent> all = events.apply("Events", Flatten.pCollections());
      return PCollectionTuple.of(EhrTags.events(), all)
          .and(EhrTags.deadLetters(), letters.apply("Dead letters", Flatten.pCollections()));
    }

    /** A stay that is delivered twice is one: of several persons the first by name. */
    private static String first(Iterable<String> persons) {
      String first = null;
      for (String person : persons) {
        first = first == null || person.compareTo(first) < 0 ? person : first;
      }
      return first;
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(DisplayData.item("directory", directory).withLabel("Input directory"));
    }
  }
}
