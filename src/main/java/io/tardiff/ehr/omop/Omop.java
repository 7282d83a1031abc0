package io.tardiff.ehr.omop;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.ReadCount;
import io.tardiff.ehr.outcome.Dispositions;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TextFormat;
import io.tardiff.progress.Printable;
import io.tardiff.settings.TextList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the OMOP common data model, versions 5.3 and 5.4, from CSV files.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with a file for each table, gzip or not, in any case: {@code
 * person.csv}, {@code visit_occurrence.csv} and {@code measurement.csv} are required; {@code
 * visit_detail}, {@code death} and {@code observation} are read where they are there. Each has a
 * header. {@link Read#withDelimiter} is for exports with tabs.
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is {@code person_id}. Ids are texts, of 64 bits and maybe negative; {@code 7.0}
 *       is 7.
 *   <li>{@code person}: {@link EhrEvent#BIRTH} from {@code birth_datetime}, else from year, month
 *       and day (no day: the first; no month: 15 June, as the model's convention is), and static
 *       {@code Gender} from 8507 (male) and 8532 (female). There is no {@code Age}: it counts from
 *       the birth.
 *   <li>{@code visit_occurrence}: a visit of the concepts 9201 (inpatient), 262 (emergency room and
 *       inpatient) and 8717 (inpatient hospital) makes {@link EhrEvent#HOSPITAL_ADMISSION} and
 *       {@link EhrEvent#HOSPITAL_DISCHARGE}, one of 32037 (intensive care) {@link
 *       EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE} too. The stay is {@code
 *       visit_occurrence_id}. The text of a discharge is where to, {@code DIED} for a death. Other
 *       visits make no events; {@link Read#withHospitalVisits} and {@link Read#withIcuVisits} take
 *       other concepts: MIMIC-IV in OMOP has most admissions as 8870 (emergency room).
 *   <li>{@code visit_detail}: intensive care again, with {@code visit_detail//} and its id as the
 *       stay; {@link EhrEvent#HOSPITAL_STAY} names the visit of its {@code visit_occurrence_id}, or
 *       where that is no stay in hospital the one that it began in.
 *   <li>{@code death}: {@link EhrEvent#DEATH}.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} of every stay in hospital that has ended, at its end, by
 *       the concept and the source value of the place of discharge ({@link Dispositions}). One that
 *       says nothing, or what no list has, is settled by the table of deaths: 1 where the day of
 *       death lies within the days of the visit, which is as much as most sources know, else 0;
 *       nothing where it was on the last day but after the end by the clock. Without such a table,
 *       or with an empty one, it has no outcome; a patient who is still there has none unless the
 *       day of death lies within the visit.
 *   <li>{@code measurement} and {@code observation}: the code is the concept, or the source value
 *       where that is 0; the value is {@code value_as_number}, or a text. Below or above a limit
 *       (the operators &lt;, &lt;=, &gt;, &gt;=) the value is the limit, and the text {@code <0.5}.
 *       The unit is that of {@code unit_concept_id} as UCUM spells it, else {@code
 *       unit_source_value}, which is the hospital's own. They have no stay, though they name a
 *       visit: labs before an admission, and whatever is ascribed to a visit of one day, belong to
 *       the window that their time falls into.
 * </ul>
 *
 * <h2>Times</h2>
 *
 * The {@code _datetime} column counts, else the {@code _date} (and {@code measurement_time}). Where
 * only the date is there, a visit begins as the day does, and all else is at its last second: a
 * window must not hold a value before it was known. Midnight in a {@code _datetime} is taken at its
 * word, although some sources mean a date by it.
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read =
 *     pipeline.apply(
 *         Omop.read()
 *             .from("gs://bucket/omop")
 *             .withHospitalVisits(Set.of("9201", "262", "8870"))
 *             .withCodes(Set.of("3027018", "3004249")));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * PCollection<Long> checked = read.apply(DeadLetterThreshold.of(0.01));
 * events.apply(BuildCohort.to(directory).after(checked));
 * }</pre>
 *
 * <p>A directory that is missing, or lacks tables or columns, fails when the pipeline is built. A
 * row that cannot be read becomes a dead letter.
 *
 * <p>For rows of a database there is each table's parser:
 *
 * <pre>{@code
 * PCollection<Row> rows =
 *     pipeline.apply(
 *         JdbcIO.readRows()
 *             .withDataSourceConfiguration(database)
 *             .withQuery("select * from measurement"));
 * PCollectionTuple read =
 *     rows.apply(ParseTable.with(Omop.measurement()).withCodes(Set.of("3027018")));
 * PCollection<EhrEvent> outcomes =
 *     PCollectionList.of(visits).and(deaths)
 *         .apply(Flatten.pCollections())
 *         .apply(Omop.hospitalDeaths(true));
 * }</pre>
 */
public final class Omop {
  /** Concepts of visits that are stays in hospital, unless others are given. */
  public static final String HOSPITAL_VISITS = "9201,262,8717";

  private static final Set<String> ICU_VISITS = Set.of("32037");

  private Omop() {}

  private static Set<String> hospitalVisits() {
    return Set.copyOf(TextList.words(HOSPITAL_VISITS));
  }

  /** A reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(
        null, null, TextFormat.standard(), hospitalVisits(), ICU_VISITS, Dispositions.standard());
  }

  /** Parser of {@code person}. */
  public static TableParser person() {
    return new Persons();
  }

  /** Parser of {@code visit_occurrence} with the usual concepts. */
  public static TableParser visitOccurrence() {
    return visitOccurrence(hospitalVisits(), ICU_VISITS);
  }

  /**
   * Parser of {@code visit_occurrence}.
   *
   * @param hospitalVisits concepts of visits that are stays in hospital
   * @param icuVisits concepts of visits that are stays in intensive care as well
   */
  public static TableParser visitOccurrence(Set<String> hospitalVisits, Set<String> icuVisits) {
    return Visits.occurrences(hospitalVisits, icuVisits, Dispositions.standard());
  }

  /** Parser of {@code visit_detail} with the usual concept. */
  public static TableParser visitDetail() {
    return visitDetail(ICU_VISITS);
  }

  /**
   * Parser of {@code visit_detail}.
   *
   * @param icuVisits concepts of visits that are stays in intensive care
   */
  public static TableParser visitDetail(Set<String> icuVisits) {
    return Visits.details(icuVisits, Dispositions.standard());
  }

  /** Parser of {@code death}. */
  public static TableParser death() {
    return new Deaths();
  }

  /** Parser of {@code measurement}. */
  public static TableParser measurement() {
    return Findings.measurements();
  }

  /** Parser of {@code observation}. */
  public static TableParser observation() {
    return Findings.observations();
  }

  /**
   * What the events of visits, visit details and deaths tell together; others may be among them.
   * The {@link EhrEvent#HOSPITAL_DEATH} of visits that say nothing of how they ended, where there
   * is a table of deaths; and the {@link EhrEvent#HOSPITAL_STAY} of each stay in intensive care.
   *
   * @param deathsKnown whether there is a table of deaths, so that who is not in it is alive; one
   *     without any death counts as none
   */
  public static PTransform<PCollection<EhrEvent>, PCollection<EhrEvent>> hospitalDeaths(
      boolean deathsKnown) {
    return new HospitalDeaths(deathsKnown);
  }

  /** Reads the data set; see {@link Omop}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;
    private final @Nullable Set<String> codes;
    private final TextFormat format;
    private final Set<String> hospitalVisits;
    private final Set<String> icuVisits;
    private final Dispositions dispositions;

    private Read(
        @Nullable String directory,
        @Nullable Set<String> codes,
        TextFormat format,
        Set<String> hospitalVisits,
        Set<String> icuVisits,
        Dispositions dispositions) {
      this.dispositions = dispositions;
      this.directory = directory;
      this.codes = codes;
      this.format = format;
      this.hospitalVisits = hospitalVisits;
      this.icuVisits = icuVisits;
    }

    /** The directory that holds the tables. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes, format, hospitalVisits, icuVisits, dispositions);
    }

    /**
     * Makes events of these codes only, and of the {@linkplain EhrEvent#reservedCodes reserved}
     * ones; by default of all.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(
          directory, Set.copyOf(codes), format, hospitalVisits, icuVisits, dispositions);
    }

    /** What stands between the fields; a comma by default. */
    public Read withDelimiter(char delimiter) {
      return withFormat(format.withDelimiter(delimiter));
    }

    /** How the tables are written. */
    public Read withFormat(TextFormat format) {
      return new Read(directory, codes, format, hospitalVisits, icuVisits, dispositions);
    }

    /** Concepts of visits that are stays in hospital; 9201, 262 and 8717 by default. */
    public Read withHospitalVisits(Set<String> concepts) {
      return new Read(directory, codes, format, Set.copyOf(concepts), icuVisits, dispositions);
    }

    /** Concepts of visits and details that are stays in intensive care; 32037 by default. */
    public Read withIcuVisits(Set<String> concepts) {
      return new Read(directory, codes, format, hospitalVisits, Set.copyOf(concepts), dispositions);
    }

    /** What concepts and places of discharge mean; {@link Dispositions#standard()} by default. */
    public Read withDispositions(Dispositions other) {
      return new Read(directory, codes, format, hospitalVisits, icuVisits, other);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      TableFiles files =
          TableFiles.in(directory).require("person", "visit_occurrence", "measurement");
      boolean deathsKnown = !files.of("death").isEmpty();
      PCollectionList<EhrEvent> frames = PCollectionList.empty(begin.getPipeline());
      PCollectionList<EhrEvent> others = PCollectionList.empty(begin.getPipeline());
      PCollectionList<DeadLetter> deadLetters = PCollectionList.empty(begin.getPipeline());
      PCollectionList<ReadCount> counts = PCollectionList.empty(begin.getPipeline());
      for (TableParser parser :
          List.of(
              Visits.occurrences(hospitalVisits, icuVisits, dispositions),
              Visits.details(icuVisits, dispositions),
              death())) {
        PCollectionTuple read = read(begin, parser, files);
        if (read != null) {
          frames = frames.and(read.get(EhrTags.events()));
          deadLetters = deadLetters.and(read.get(EhrTags.deadLetters()));
          counts = counts.and(read.get(EhrTags.counts()));
        }
      }
      for (TableParser parser : List.of(person(), measurement(), observation())) {
        PCollectionTuple read = read(begin, parser, files);
        if (read != null) {
          others = others.and(read.get(EhrTags.events()));
          deadLetters = deadLetters.and(read.get(EhrTags.deadLetters()));
          counts = counts.and(read.get(EhrTags.counts()));
        }
      }
      PCollection<EhrEvent> stays = frames.apply("Stays", Flatten.pCollections());
      PCollection<EhrEvent> events =
          others
              // Some name a visit that is no stay in hospital: those that count come below.
              .and(
                  stays.apply(
                      "Stays alone",
                      Filter.by(event -> !event.getCode().equals(EhrEvent.HOSPITAL_STAY))))
              .and(stays.apply("Hospital deaths", hospitalDeaths(deathsKnown)))
              .apply("Events", Flatten.pCollections());
      return PCollectionTuple.of(EhrTags.events(), events)
          .and(EhrTags.deadLetters(), deadLetters.apply("Dead letters", Flatten.pCollections()))
          .and(EhrTags.counts(), counts.apply("Counts", Flatten.pCollections()));
    }

    private @Nullable PCollectionTuple read(PBegin begin, TableParser parser, TableFiles files) {
      List<String> names = files.of(parser.table());
      return names.isEmpty()
          ? null
          : begin.apply(
              "Read " + parser.table(),
              ReadTable.of(parser).from(names).withFormat(format).withCodes(codes));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder
          .addIfNotNull(DisplayData.item("directory", Printable.location(directory)).withLabel("Input directory"))
          .add(DisplayData.item("format", format.toString()).withLabel("Format of the tables"))
          .add(
              DisplayData.item("hospitalVisits", String.join(",", new TreeSet<>(hospitalVisits)))
                  .withLabel("Visits that are hospital stays"))
          .add(
              DisplayData.item("icuVisits", String.join(",", new TreeSet<>(icuVisits)))
                  .withLabel("Visits that are ICU stays"));
    }
  }
}
