package io.tardiff.ehr.meds;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import com.google.common.base.CharMatcher;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.InputFiles;
import io.tardiff.files.AtomicFile;
import io.tardiff.progress.DisplayItems;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.coders.ByteArrayCoder;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.coders.KvCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;
import org.apache.beam.sdk.coders.VarIntCoder;
import org.apache.beam.sdk.coders.VarLongCoder;
import org.apache.beam.sdk.transforms.Combine;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.Create;
import org.apache.beam.sdk.transforms.Distinct;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TupleTagList;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Writes events as a MEDS 0.4 directory, for MEDS tools and {@link Meds#read}.
 *
 * <pre>{@code
 * PCollection<String> files =
 *     events.apply(
 *         Meds.write()
 *             .to("gs://bucket/synthetic")
 *             .withName("Synthetic ICU")
 *             .withVersion("1.0")
 *             .withTask("mortality"));
 * }</pre>
 *
 * <h2>Files</h2>
 *
 * <pre>
 * data/SPLIT/N.parquet              subject_id, time, code, numeric_value, text_value, stay_id, unit
 * labels/TASK/SPLIT/N.parquet       subject_id, prediction_time, boolean_value   (withTask)
 * metadata/codes.parquet            code, description (empty)
 * metadata/subject_splits.parquet   subject_id, split
 * metadata/dataset.json             names, versions, additional columns
 * </pre>
 *
 * <ul>
 *   <li>Each subject is in one file, in contiguous rows: static facts first, then by time. The same
 *       events give the same bytes with any number of workers.
 *   <li>The split is that of the subject's {@link EhrEvent#SPLIT} event. Default: train.
 *   <li>A {@link EhrEvent#LABEL} with a time becomes a row of the task, which has no column for the
 *       stay. Labels without a time, and all labels without {@link #withTask}, stay in the data
 *       under the code {@code LABEL}; exclude it from features, because it is the target.
 *   <li>Events that reading derives from {@code ICU_ADMISSION//...} and the like are not written
 *       beside that code, so that they are read once.
 *   <li>A subject id that is a 64-bit integer is kept; any other becomes the first 63 bits of its
 *       SHA-256. A collision fails the run.
 *   <li>Numbers become 32-bit floats, as MEDS requires, with about seven significant digits. Stay
 *       and unit are additional columns, which MEDS tools ignore.
 * </ul>
 *
 * <p>The output is the names of the files as they are completed; each file appears atomically.
 * Building the pipeline fails if the directory already contains data, because files of another run
 * would be taken for part of this one. Delete the output of a failed run before the next, or
 * overwrite it ({@link #replacing}).
 *
 * <p>Memory: the events of one subject, and those of one shard in packed form; {@link
 * #withShardEvents} sets the approximate size of a shard.
 */
@AutoValue
public abstract class WriteMeds extends PTransform<PCollection<EhrEvent>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  private static final long SHARD_EVENTS = 500_000;
  private static final CharMatcher TASK_NAME =
      CharMatcher.inRange('a', 'z')
          .or(CharMatcher.inRange('A', 'Z'))
          .or(CharMatcher.inRange('0', '9'))
          .or(CharMatcher.anyOf("_-."));

  abstract @Nullable String directory();

  abstract String datasetName();

  abstract String datasetVersion();

  abstract @Nullable String task();

  abstract boolean integerLabels();

  abstract long shardEvents();

  abstract boolean replaces();

  abstract Builder toBuilder();

  @AutoValue.Builder
  abstract static class Builder {
    abstract Builder setDirectory(String directory);

    abstract Builder setDatasetName(String name);

    abstract Builder setDatasetVersion(String version);

    abstract Builder setTask(String task);

    abstract Builder setIntegerLabels(boolean integers);

    abstract Builder setShardEvents(long events);

    abstract Builder setReplaces(boolean replaces);

    abstract WriteMeds build();
  }

  static WriteMeds create() {
    return new AutoValue_WriteMeds.Builder()
        .setDatasetName("tardiff")
        .setDatasetVersion("1")
        .setIntegerLabels(false)
        .setShardEvents(SHARD_EVENTS)
        .setReplaces(false)
        .build();
  }

  /** Writes to this directory, on any Beam file system. */
  public WriteMeds to(String directory) {
    checkArgument(!directory.isEmpty(), "output must name a directory, was empty");
    return toBuilder().setDirectory(InputFiles.slash(directory)).build();
  }

  /** Sets the name of the data set in {@code dataset.json}. Default: tardiff. */
  public WriteMeds withName(String name) {
    checkArgument(!name.isEmpty(), "name must not be empty");
    return toBuilder().setDatasetName(name).build();
  }

  /** Sets the version of the data set in {@code dataset.json}. Default: 1. */
  public WriteMeds withVersion(String version) {
    checkArgument(!version.isEmpty(), "version must not be empty");
    return toBuilder().setDatasetVersion(version).build();
  }

  /** Writes labels that have a time as labels of this task. */
  public WriteMeds withTask(String task) {
    checkArgument(
        !task.isEmpty() && TASK_NAME.matchesAllOf(task) && !task.startsWith("."),
        "task must be a name of letters, digits, '_', '-' and '.', was %s",
        task);
    return toBuilder().setTask(task).build();
  }

  /** Writes labels as integers instead of booleans, for more than two classes. */
  public WriteMeds withIntegerLabels() {
    return toBuilder().setIntegerLabels(true).build();
  }

  /** Sets the approximate number of events per file. Default: 500,000. */
  public WriteMeds withShardEvents(long events) {
    checkArgument(events >= 1, "shardEvents must be at least 1, was %s", events);
    return toBuilder().setShardEvents(events).build();
  }

  /**
   * Overwrites existing data. Use it only for events that are the same in every run, such as those
   * of one cohort: files that are not overwritten remain.
   */
  public WriteMeds replacing() {
    return toBuilder().setReplaces(true).build();
  }

  @Override
  public PCollection<String> expand(PCollection<EhrEvent> events) {
    String root = directory();
    checkArgument(root != null, "to must be called: it names the output directory");
    if (!replaces()) {
      checkIsNew(root);
    }
    Coder<EhrEvent> coder = events.getCoder();
    PCollectionView<Long> count =
        events.apply("Count", Combine.globally(Count.<EhrEvent>combineFn()).asSingletonView());
    PCollectionTuple subjects =
        events
            .apply("By subject", WithKeys.of(new SubjectKey()))
            .setCoder(KvCoder.of(StringUtf8Coder.of(), coder))
            .apply("Group", GroupByKey.create())
            .apply(
                "Sort",
                ParDo.of(new SubjectFn(coder, count, shardEvents(), task() != null))
                    .withSideInputs(count)
                    .withOutputTags(
                        SubjectFn.SUBJECTS,
                        TupleTagList.of(SubjectFn.SPLITS).and(SubjectFn.CODES)));
    PCollection<String> shards =
        subjects
            .get(SubjectFn.SUBJECTS)
            .setCoder(
                KvCoder.of(
                    KvCoder.of(StringUtf8Coder.of(), VarIntCoder.of()),
                    KvCoder.of(VarLongCoder.of(), ByteArrayCoder.of())))
            .apply("By shard", GroupByKey.create())
            .apply(
                "Write shards", ParDo.of(new WriteShardFn(root, task(), integerLabels(), coder)));
    PCollection<String> splits =
        subjects
            .get(SubjectFn.SPLITS)
            .setCoder(KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of()))
            .apply("All splits", WithKeys.of(0))
            .setCoder(
                KvCoder.of(VarIntCoder.of(), KvCoder.of(VarLongCoder.of(), StringUtf8Coder.of())))
            .apply("Group splits", GroupByKey.create())
            .apply("Write splits", ParDo.of(new WriteMetadataFn.Splits(root)));
    PCollection<String> codes =
        subjects
            .get(SubjectFn.CODES)
            .setCoder(StringUtf8Coder.of())
            .apply("Codes", Distinct.create())
            .apply("All codes", WithKeys.of(0))
            .setCoder(KvCoder.of(VarIntCoder.of(), StringUtf8Coder.of()))
            .apply("Group codes", GroupByKey.create())
            .apply("Write codes", ParDo.of(new WriteMetadataFn.Codes(root)));
    PCollection<String> dataset =
        events
            .getPipeline()
            .apply("Data set", Create.of(root + "metadata/dataset.json"))
            .apply("Write data set", ParDo.of(new WriteTextFn(dataset())));
    return PCollectionList.of(shards)
        .and(splits)
        .and(codes)
        .and(dataset)
        .apply("Files", Flatten.pCollections());
  }

  private String dataset() {
    ObjectMapper json = new ObjectMapper();
    ObjectNode dataset = json.createObjectNode();
    dataset.put("dataset_name", datasetName());
    dataset.put("dataset_version", datasetVersion());
    dataset.put("etl_name", "tardiff-beam");
    dataset.put("meds_version", MedsColumns.VERSION);
    // No creation time, so that the same events give the same bytes.
    dataset.putArray("other_extension_columns").add(MedsColumns.STAY).add(MedsColumns.UNIT);
    try {
      return json.writerWithDefaultPrettyPrinter().writeValueAsString(dataset) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void checkIsNew(String root) {
    try {
      checkArgument(
          InputFiles.match(root + "data/**.parquet").isEmpty(),
          "output must be a directory without MEDS data, was %s",
          root);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot list the output directory " + root, e);
    }
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    DisplayItems.of(this, builder);
  }

  private static final class SubjectKey implements SerializableFunction<EhrEvent, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public String apply(EhrEvent event) {
      return event.getSubjectId();
    }
  }

  private static final class WriteTextFn extends DoFn<String, String> {
    private final String text;

    WriteTextFn(String text) {
      this.text = text;
    }

    @ProcessElement
    public void process(@Element String file, OutputReceiver<String> files) throws IOException {
      AtomicFile.writeText(file, text);
      files.output(file);
    }
  }
}
