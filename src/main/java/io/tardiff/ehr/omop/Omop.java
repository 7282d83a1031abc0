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
 * Reads the OMOP common data model 5.3 and 5.4 from CSV, Parquet or Avro files.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system with one file per table, CSV ones plain or gzip, with names
 * in any case. {@code person.csv}, {@code visit_occurrence.csv} and {@code measurement.csv} are
 * required; {@code visit_detail}, {@code death} and {@code observation} are optional. Files have a
 * header. For tab-separated exports, use {@link Read#withDelimiter}.
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>The subject is {@code person_id}. Ids may be negative 64-bit numbers; {@code 7.0} is read
 *       as 7.
 *   <li>{@code person}: {@link EhrEvent#BIRTH} from {@code birth_datetime}, else from year, month
 *       and day (default day: the first; without a month: 15 June, the convention of the model),
 *       and static {@code Gender} from 8507 (male) and 8532 (female). Ages are computed from birth.
 *   <li>{@code visit_occurrence}: visits with concept 9201 (inpatient), 262 (emergency room and
 *       inpatient), 8717 (inpatient hospital) or 32037 (intensive care) give {@link
 *       EhrEvent#HOSPITAL_ADMISSION} and {@link EhrEvent#HOSPITAL_DISCHARGE}; those with 32037 also
 *       give {@link EhrEvent#ADMISSION} and {@link EhrEvent#DISCHARGE}. The stay is the {@code
 *       visit_occurrence_id}. The text of a discharge is the destination, or {@code DIED}. Other
 *       visits give no events. {@link Read#withHospitalVisits} and {@link Read#withIcuVisits}
 *       select other concepts: MIMIC-IV in OMOP has most admissions as 8870 (emergency room).
 *   <li>{@code visit_detail}: intensive care stays, with {@code visit_detail//} and the id as the
 *       stay. {@link EhrEvent#HOSPITAL_STAY} links to the visit {@code visit_occurrence_id}, or if
 *       that is not a hospital stay, to the one in which the detail began.
 *   <li>{@code death}: {@link EhrEvent#DEATH}.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH} is at the end of every completed hospital stay. It follows
 *       from the concept and source value of the discharge destination ({@link Dispositions}). If
 *       that is missing or unlisted, the table {@code death} decides: 1 if the patient died within
 *       the visit (compared by day if only the date of death is known), none if on its last day but
 *       after its end, else 0. If that table is missing or empty, such a stay has no known outcome.
 *   <li>{@code measurement} and {@code observation}: the code is the concept id, or the source
 *       value if that is 0. The value is {@code value_as_number}, or a text. With an operator
 *       (&lt;, &lt;=, &gt;, &gt;=), the value is the limit and the text is {@code <0.5}. The unit
 *       is the UCUM spelling of {@code unit_concept_id}, else {@code unit_source_value}. The visit
 *       is ignored: events belong to the window that contains their time, including labs before an
 *       admission and values recorded under a one-day visit.
 * </ul>
 *
 * <h2>Times</h2>
 *
 * The time is {@code _datetime}, else {@code _date} (with {@code measurement_time}). If only the
 * date is known, visits begin at the start of the day, and everything else is at its last second,
 * so that no window contains a value before it was known. Midnight in a {@code _datetime} is taken
 * literally, although some sources use it for a date.
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
 * <p>Building the pipeline fails if the directory, a required table or a column is missing. A row
 * that cannot be read becomes a dead letter.
 *
 * <p>For rows of a database, use the parser of each table:
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
  /** Default visit concepts of hospital stays. */
  public static final String HOSPITAL_VISITS = "9201,262,8717";

  private static final Set<String> ICU_VISITS = Set.of("32037");

  private Omop() {}

  private static Set<String> hospitalVisits() {
    return Set.copyOf(TextList.words(HOSPITAL_VISITS));
  }

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(
        null, null, TextFormat.standard(), hospitalVisits(), ICU_VISITS, Dispositions.standard());
  }

  /** Returns a parser of {@code person}. */
  public static TableParser person() {
    return new Persons();
  }

  /** Returns a parser of {@code visit_occurrence} with the default concepts. */
  public static TableParser visitOccurrence() {
    return visitOccurrence(hospitalVisits(), ICU_VISITS);
  }

  /**
   * Returns a parser of {@code visit_occurrence}.
   *
   * @param hospitalVisits visit concepts of hospital stays
   * @param icuVisits visit concepts of hospital stays that are also intensive care stays
   */
  public static TableParser visitOccurrence(Set<String> hospitalVisits, Set<String> icuVisits) {
    return Visits.occurrences(hospitalVisits, icuVisits, Dispositions.standard());
  }

  /** Returns a parser of {@code visit_detail} with the default concept. */
  public static TableParser visitDetail() {
    return visitDetail(ICU_VISITS);
  }

  /**
   * Returns a parser of {@code visit_detail}.
   *
   * @param icuVisits visit concepts of intensive care stays
   */
  public static TableParser visitDetail(Set<String> icuVisits) {
    return Visits.details(icuVisits, Dispositions.standard());
  }

  /** Returns a parser of {@code death}. */
  public static TableParser death() {
    return new Deaths();
  }

  /** Returns a parser of {@code measurement}. */
  public static TableParser measurement() {
    return Findings.measurements();
  }

  /** Returns a parser of {@code observation}. */
  public static TableParser observation() {
    return Findings.observations();
  }

  /**
   * Derives events from those of visits, visit details and deaths; other events are ignored. The
   * output is the {@link EhrEvent#HOSPITAL_STAY} of each intensive care stay and, if there is a
   * death table, the {@link EhrEvent#HOSPITAL_DEATH} of visits that do not state an outcome.
   *
   * @param deathsKnown whether there is a death table, so that patients not in it are alive; an
   *     empty table counts as missing
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

    /** Reads the tables in this directory. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, codes, format, hospitalVisits, icuVisits, dispositions);
    }

    /**
     * Keeps only events with these codes and {@linkplain EhrEvent#reservedCodes reserved} ones.
     * Default: all codes.
     */
    public Read withCodes(Set<String> codes) {
      return new Read(
          directory, Set.copyOf(codes), format, hospitalVisits, icuVisits, dispositions);
    }

    /** Sets the delimiter of fields. Default: a comma, else one that fits the header. */
    public Read withDelimiter(char delimiter) {
      return withFormat(format.withDelimiter(delimiter));
    }

    /** Sets the text format of the tables. Default: {@link TextFormat#standard()}. */
    public Read withFormat(TextFormat format) {
      return new Read(directory, codes, format, hospitalVisits, icuVisits, dispositions);
    }

    /** Sets the visit concepts of hospital stays. Default: 9201, 262 and 8717. */
    public Read withHospitalVisits(Set<String> concepts) {
      return new Read(directory, codes, format, Set.copyOf(concepts), icuVisits, dispositions);
    }

    /** Sets the concepts of visits and details that are intensive care stays. Default: 32037. */
    public Read withIcuVisits(Set<String> concepts) {
      return new Read(directory, codes, format, hospitalVisits, Set.copyOf(concepts), dispositions);
    }

    /** Sets the meaning of discharge destinations. Default: {@link Dispositions#standard()}. */
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
              // Links may name a visit that is not a hospital stay; hospitalDeaths emits the valid
              // ones.
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
          .addIfNotNull(
              DisplayData.item("directory", Printable.location(directory))
                  .withLabel("Input directory"))
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
