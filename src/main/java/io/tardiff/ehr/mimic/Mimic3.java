package io.tardiff.ehr.mimic;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads MIMIC-III 1.4: 46,520 patients of 2001 to 2012, in two charting systems (CareVue and MetaVision).
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with the CSV files as they are downloaded, compressed or not,
 * names in any case; the demo has the same layout.
 *
 * <table>
 * <caption>Tables and the events of a row</caption>
 * <tr><td>ICUSTAYS</td><td>{@code ICU_ADMISSION} at intime, {@code ICU_DISCHARGE} at outtime</td></tr>
 * <tr><td>ADMISSIONS</td><td>{@code HOSPITAL_ADMISSION}, {@code HOSPITAL_DISCHARGE}; {@code
 * HOSPITAL_DEATH} by hospital_expire_flag, at deathtime or dischtime; {@code MEDS_DEATH}</td></tr>
 * <tr><td>PATIENTS</td><td>{@code Gender}, {@code MEDS_BIRTH} at dob (moved back to 300 years for those over 89, whom the cohort takes for 90)</td></tr>
 * <tr><td>CHARTEVENTS</td><td>the itemid, with value and unit, unless error is 1</td></tr>
 * <tr><td>OUTPUTEVENTS, LABEVENTS</td><td>the same; left out where the file is not there</td></tr>
 * </table>
 *
 * <p>The subject is subject_id and the stay icustay_id; rows that name no stay belong to the subject. Values
 * are passed on as they are, odd ones too: ranges and units are the cohort's business (vocabulary
 * {@code mimic3}).
 *
 * <h2>Use</h2>
 *
 * <pre>{@code
 * CohortConfig config = CohortConfig.builder().setVocabulary("mimic3").build();
 * PCollectionTuple read =
 *     pipeline.apply(Mimic3.read().from("gs://bucket/mimic3").withCodes(config.codes()));
 * read.get(EhrTags.events()).apply(BuildCohort.to(directory).withConfig(config));
 * }</pre>
 *
 * <p>CHARTEVENTS has hundreds of millions of rows and thousands of items: {@link Read#withCodes} keeps
 * those that are wanted and makes events of no others. Tables that are not files go through {@link
 * io.tardiff.ehr.table.ParseTable} with the parsers that this class offers.
 *
 * <h2>Errors</h2>
 *
 * A missing table or column fails when the pipeline is built; a row that cannot be read becomes a dead
 * letter.
 */
public final class Mimic3 {
  private Mimic3() {}

  /** A reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, null);
  }

  /** Parser of ICUSTAYS. */
  public static TableParser icuStays() {
    return new StayTable("icustay_id");
  }

  /** Parser of ADMISSIONS. */
  public static TableParser admissions() {
    return new AdmissionTable();
  }

  /** Parser of PATIENTS. */
  public static TableParser patients() {
    return new PatientTable(/* anchored= */ false);
  }

  /** Parser of CHARTEVENTS. */
  public static TableParser chartEvents() {
    return new MeasurementTable("CHARTEVENTS", "icustay_id", "valuenum", "value", "error");
  }

  /** Parser of OUTPUTEVENTS. */
  public static TableParser outputEvents() {
    return new MeasurementTable("OUTPUTEVENTS", "icustay_id", "value", null, "iserror");
  }

  /** Parser of LABEVENTS. */
  public static TableParser labEvents() {
    return new MeasurementTable("LABEVENTS", null, "valuenum", "value", null);
  }

  /** Reads the data set; see {@link Mimic3}. */
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
      TableFiles files =
          TableFiles.in(directory)
              .require("ICUSTAYS", "ADMISSIONS", "PATIENTS", "CHARTEVENTS");
      return ReadMimic.read(
          begin,
          files,
          List.of(
              icuStays(), admissions(), patients(), chartEvents(), outputEvents(), labEvents()),
          codes);
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(DisplayData.item("directory", directory).withLabel("Input directory"));
    }
  }
}
