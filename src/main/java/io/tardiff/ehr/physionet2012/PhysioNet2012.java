package io.tardiff.ehr.physionet2012;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.InputFiles;
import io.tardiff.ehr.table.TextFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Reads the PhysioNet/CinC 2012 challenge data: 48-hour ICU stays with in-hospital death as the
 * outcome.
 *
 * <h2>Layout</h2>
 *
 * A directory on any Beam file system, as downloaded:
 *
 * <pre>
 * set-a/132539.txt      Time,Parameter,Value    (in set-a, set-b, ... or the directory itself)
 *                       00:00,RecordID,132539
 *                       00:00,Age,54
 *                       00:07,HR,73
 * Outcomes-a.txt        RecordID,SAPS-I,SOFA,Length_of_stay,Survival,In-hospital_death
 * </pre>
 *
 * <h2>Events</h2>
 *
 * <ul>
 *   <li>Subject and stay are the RecordID: the data set does not identify patients, so a split by
 *       subject is a split by stay.
 *   <li>{@link EhrEvent#ADMISSION} is at the epoch; {@code 00:07} is seven minutes later.
 *   <li>The code is the name of the parameter. Values are not filtered (a pH of 735, a temperature
 *       of -17.8): ranges are left to the cohort.
 *   <li>{@code Age, Gender, Height, ICUType} and {@code Weight} at {@code 00:00} are static facts
 *       without a time. In these, -1 means unknown and gives no event.
 *   <li>{@link EhrEvent#HOSPITAL_DEATH}, 0 or 1 without a time, comes from the outcome files.
 * </ul>
 *
 * <h2>Outputs and errors</h2>
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from("/data/physionet2012"));
 * PCollection<EhrEvent> events = read.get(EhrTags.events());
 * PCollection<DeadLetter> bad = read.get(EhrTags.deadLetters());
 * }</pre>
 *
 * <p>Building the pipeline fails if the directory, its record files or its outcome files are
 * missing. A bad row, an empty file and the last row of a truncated file become dead letters; the
 * rest is read. Because record files are named after patients, dead letters call each of them
 * {@code record file}.
 */
public final class PhysioNet2012 {
  private static final String RECORDS = "[0-9]*.txt";
  private static final String OUTCOMES = "Outcomes*.txt";

  private PhysioNet2012() {}

  /** Returns a reader; {@link Read#from} is required. */
  public static Read read() {
    return new Read(null, TextFormat.standard());
  }

  /** Reads the data set; see {@link PhysioNet2012}. */
  public static final class Read extends PTransform<PBegin, PCollectionTuple> {
    private static final long serialVersionUID = 1L;

    private final @Nullable String directory;

    private final TextFormat format;

    private Read(@Nullable String directory, TextFormat format) {
      this.directory = directory;
      this.format = format;
    }

    /** Reads outcome files in this directory and record files in it or in {@code set-*}. */
    public Read from(String directory) {
      checkArgument(!directory.isEmpty(), "input must name a directory, was empty");
      return new Read(directory, format);
    }

    /**
     * Sets the text format of the files. Its time pattern does not apply: times are always HH:MM.
     */
    public Read withFormat(TextFormat format) {
      return new Read(directory, format);
    }

    @Override
    public PCollectionTuple expand(PBegin begin) {
      checkArgument(directory != null, "from must be called: it names the input directory");
      String root = InputFiles.slash(directory);
      List<String> records = List.of(root + "set-*/" + RECORDS, root + RECORDS);
      List<String> outcomes = List.of(root + OUTCOMES);
      check(records, "record files (set-*/" + RECORDS + ")");
      check(outcomes, "outcome file (" + OUTCOMES + ")");

      PCollectionTuple stays =
          begin
              .apply("Record files", InputFiles.small(records))
              .apply(
                  "Parse records",
                  ParDo.of(new ParseRecordFn(format))
                      .withOutputTags(
                          EhrTags.events(),
                          TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
      PCollectionTuple deaths =
          begin
              .apply("Outcome files", InputFiles.small(outcomes))
              .apply(
                  "Parse outcomes",
                  ParDo.of(new ParseOutcomesFn(format))
                      .withOutputTags(
                          EhrTags.events(),
                          TupleTagList.of(EhrTags.deadLetters()).and(EhrTags.counts())));
      return EhrTags.merge(begin.getPipeline(), List.of(stays, deaths));
    }

    @Override
    public void populateDisplayData(DisplayData.Builder builder) {
      super.populateDisplayData(builder);
      builder.addIfNotNull(DisplayData.item("directory", directory).withLabel("Input directory"));
    }

    /** Fails early rather than build an empty cohort. */
    private void check(List<String> patterns, String what) {
      try {
        for (String pattern : patterns) {
          if (!InputFiles.match(pattern).isEmpty()) {
            return;
          }
        }
      } catch (IOException e) {
        throw new UncheckedIOException("cannot list the input directory " + directory, e);
      }
      throw new IllegalArgumentException(
          "input must be a directory with a PhysioNet 2012 set, was "
              + directory
              + ": it is missing or has no "
              + what);
    }
  }
}
