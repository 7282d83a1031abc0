package io.tardiff.evaluation;

import static com.google.common.base.Preconditions.checkArgument;
import static java.util.Comparator.comparing;
import static java.util.Comparator.naturalOrder;
import static java.util.Comparator.nullsFirst;

import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.evaluation.PairedBootstrap.Replicates;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import io.tardiff.files.SortedAvroShards;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The file {@value #FILE} of an evaluation: the scores of each fit with their bootstrap replicates,
 * 16 KB each, so that runs can be compared together. The same scores give the same bytes.
 */
@Internal
public final class ScoresFile {
  public static final String FILE = "scores.avro";

  private static final Schema SCHEMA =
      SchemaBuilder.record("FitScore")
          .namespace("io.tardiff")
          .fields()
          .requiredString("protocol")
          .optionalString("baseline")
          .optionalString("guidance_rule")
          .optionalDouble("guidance_scale")
          .optionalString("selection")
          .optionalString("origin")
          .optionalDouble("alpha")
          .requiredString("model")
          .requiredLong("seed")
          .requiredString("test")
          .requiredDouble("tuning_auprc")
          .requiredDouble("auroc")
          .requiredDouble("auprc")
          .requiredBytes("replicated_auroc")
          .requiredBytes("replicated_auprc")
          .endRecord();

  private static final Comparator<FitScore> ORDER =
      comparing(FitScore::protocol)
          .thenComparing(FitScore::baseline, nullsFirst(naturalOrder()))
          .thenComparing(score -> score.set().toString())
          .thenComparing(FitScore::alpha, nullsFirst(naturalOrder()))
          .thenComparing(FitScore::model)
          .thenComparing(FitScore::seed)
          .thenComparing(FitScore::test);

  private ScoresFile() {}

  /** Writes scores in an order of their own. */
  public static void write(OutputStream out, List<FitScore> scores) throws IOException {
    SortedAvroShards.write(
        out, FILE, SCHEMA, scores.stream().sorted(ORDER).toList(), ScoresFile::toAvro);
  }

  /**
   * Reads the file of an evaluation.
   *
   * @throws io.tardiff.files.DamagedFileException if it is not what {@link #write} wrote
   */
  public static List<FitScore> read(ArtefactDirectory evaluation) {
    List<FitScore> scores = new ArrayList<>();
    try (CloseableIterator<FitScore> all =
        SortedAvroShards.read(evaluation, FILE, ScoresFile::fromAvro)) {
      all.forEachRemaining(scores::add);
    }
    return scores;
  }

  private static GenericRecord toAvro(FitScore score) {
    GenericRecord fit = new GenericData.Record(SCHEMA);
    fit.put("protocol", score.protocol().name());
    fit.put("baseline", score.baseline());
    fit.put("guidance_rule", score.set().guidanceRule());
    fit.put("guidance_scale", score.set().guidanceScale());
    fit.put("selection", score.set().selection());
    fit.put("origin", score.set().origin());
    fit.put("alpha", score.alpha());
    fit.put("model", score.model());
    fit.put("seed", score.seed());
    fit.put("test", score.test());
    fit.put("tuning_auprc", score.tuningAuprc());
    fit.put("auroc", score.replicates().auroc());
    fit.put("auprc", score.replicates().auprc());
    fit.put("replicated_auroc", bytes(score.replicates().replicatedAuroc()));
    fit.put("replicated_auprc", bytes(score.replicates().replicatedAuprc()));
    return fit;
  }

  private static FitScore fromAvro(GenericRecord fit) {
    return new FitScore(
        Protocol.valueOf(fit.get("protocol").toString()),
        text(fit, "baseline"),
        new SetName(
            text(fit, "guidance_rule"),
            (Double) fit.get("guidance_scale"),
            text(fit, "selection"),
            text(fit, "origin")),
        (Double) fit.get("alpha"),
        fit.get("model").toString(),
        (Long) fit.get("seed"),
        fit.get("test").toString(),
        (Double) fit.get("tuning_auprc"),
        new Replicates(
            (Double) fit.get("auroc"),
            (Double) fit.get("auprc"),
            doubles(fit, "replicated_auroc"),
            doubles(fit, "replicated_auprc")));
  }

  private static @Nullable String text(GenericRecord fit, String field) {
    return fit.get(field) == null ? null : fit.get(field).toString();
  }

  private static ByteBuffer bytes(double[] values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Double.BYTES);
    bytes.asDoubleBuffer().put(values);
    return bytes;
  }

  private static double[] doubles(GenericRecord fit, String field) {
    ByteBuffer bytes = (ByteBuffer) fit.get(field);
    double[] values = new double[PairedBootstrap.REPLICATES];
    checkArgument(
        bytes.remaining() == values.length * Double.BYTES,
        "field %s must hold %s scores, held %s bytes",
        field,
        values.length,
        bytes.remaining());
    bytes.asDoubleBuffer().get(values);
    return values;
  }
}
