package io.tardiff.synthetic;

import java.io.Serializable;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The provenance of a sample: enough to explain it, withdraw it, or draw it again by itself.
 *
 * @param sampleId id within the set
 * @param label class the sample was drawn for
 * @param seed seed of the run
 * @param guidanceRule {@code none}, {@code mean_shift}, {@code interpolation}, {@code moment} or
 *     {@code candidates}
 * @param guidanceScale guidance scale w
 * @param influenceBefore J of the clean window predicted at the first reverse step, before any
 *     guidance
 * @param influenceAfter J of the finished sample
 * @param modelId run id of the model
 * @param guidanceSetHash hash of the guidance direction G, or of the fit of a rule that matches
 *     moments
 * @param configurationHash hash of the sampler settings that determine a sample, such as steps, eta
 *     and batch size
 * @param rank position at which the sample was selected from its part of the pool, from 0; null if
 *     it was not selected, or if there was no selection
 * @param kept whether the sample is in the set; otherwise it was drawn for the pool but not
 *     selected
 * @param softLabel how its soft label was made; null in sets without soft labels
 */
public record LedgerRecord(
    long sampleId,
    int label,
    long seed,
    String guidanceRule,
    double guidanceScale,
    float influenceBefore,
    float influenceAfter,
    String modelId,
    String guidanceSetHash,
    String configurationHash,
    @Nullable Integer rank,
    boolean kept,
    @Nullable SoftLabel softLabel)
    implements Serializable {

  private static final String FIELDS =
      """
      {"type": "record", "name": "LedgerRecord", "namespace": "io.tardiff.generation", "fields": [
        {"name": "sample_id", "type": "long"},
        {"name": "label", "type": "int"},
        {"name": "seed", "type": "long"},
        {"name": "guidance_rule", "type": "string"},
        {"name": "guidance_scale", "type": "double"},
        {"name": "influence_before", "type": "float"},
        {"name": "influence_after", "type": "float"},
        {"name": "model_id", "type": "string"},
        {"name": "guidance_set_hash", "type": "string"},
        {"name": "configuration_hash", "type": "string"},
        {"name": "rank", "type": ["null", "int"], "default": null},
        {"name": "kept", "type": "boolean", "default": true}%s]}
      """;

  private static final String SOFT_FIELDS =
      """
      ,
      {"name": "teacher_fits", "type": ["null", "int"], "default": null},
      {"name": "teacher_weight", "type": ["null", "double"], "default": null},
      {"name": "teacher_temperature", "type": ["null", "double"], "default": null},
      {"name": "teacher_hash", "type": ["null", "string"], "default": null}""";

  static final Schema SCHEMA = new Schema.Parser().parse(FIELDS.formatted(""));

  /** The schema of sets with soft labels; files without them do not have the fields. */
  private static final Schema SOFT_SCHEMA =
      new Schema.Parser().parse(FIELDS.formatted(SOFT_FIELDS));

  static final String JSON = SCHEMA.toString();
  private static final String SOFT_JSON = SOFT_SCHEMA.toString();

  /**
   * How the soft label of a sample was made.
   *
   * @param fits number of classifiers of the teacher
   * @param weight weight of the teacher's probabilities; the rest is that of the hard label
   * @param temperature what the teacher's log-probabilities are divided by
   * @param teacherHash hash of the teacher
   */
  public record SoftLabel(int fits, double weight, double temperature, String teacherHash)
      implements Serializable {}

  /** A record of a sample without a soft label. */
  public LedgerRecord(
      long sampleId,
      int label,
      long seed,
      String guidanceRule,
      double guidanceScale,
      float influenceBefore,
      float influenceAfter,
      String modelId,
      String guidanceSetHash,
      String configurationHash,
      @Nullable Integer rank,
      boolean kept) {
    this(
        sampleId,
        label,
        seed,
        guidanceRule,
        guidanceScale,
        influenceBefore,
        influenceAfter,
        modelId,
        guidanceSetHash,
        configurationHash,
        rank,
        kept,
        null);
  }

  /** Returns the record of this sample after a selection. */
  public LedgerRecord selected(@Nullable Integer newRank, boolean isKept) {
    return new LedgerRecord(
        sampleId,
        label,
        seed,
        guidanceRule,
        guidanceScale,
        influenceBefore,
        influenceAfter,
        modelId,
        guidanceSetHash,
        configurationHash,
        newRank,
        isKept,
        softLabel);
  }

  /** Returns the schema of the file of this record, as JSON. */
  String schemaJson() {
    return softLabel == null ? JSON : SOFT_JSON;
  }

  GenericRecord toAvro() {
    GenericRecord avro = new GenericData.Record(softLabel == null ? SCHEMA : SOFT_SCHEMA);
    avro.put("sample_id", sampleId);
    avro.put("label", label);
    avro.put("seed", seed);
    avro.put("guidance_rule", guidanceRule);
    avro.put("guidance_scale", guidanceScale);
    avro.put("influence_before", influenceBefore);
    avro.put("influence_after", influenceAfter);
    avro.put("model_id", modelId);
    avro.put("guidance_set_hash", guidanceSetHash);
    avro.put("configuration_hash", configurationHash);
    avro.put("rank", rank);
    avro.put("kept", kept);
    if (softLabel != null) {
      avro.put("teacher_fits", softLabel.fits());
      avro.put("teacher_weight", softLabel.weight());
      avro.put("teacher_temperature", softLabel.temperature());
      avro.put("teacher_hash", softLabel.teacherHash());
    }
    return avro;
  }

  public static LedgerRecord fromAvro(GenericRecord avro) {
    return new LedgerRecord(
        (Long) avro.get("sample_id"),
        (Integer) avro.get("label"),
        (Long) avro.get("seed"),
        avro.get("guidance_rule").toString(),
        (Double) avro.get("guidance_scale"),
        (Float) avro.get("influence_before"),
        (Float) avro.get("influence_after"),
        avro.get("model_id").toString(),
        avro.get("guidance_set_hash").toString(),
        avro.get("configuration_hash").toString(),
        // Ledgers from before selection was added lack both fields.
        avro.hasField("rank") ? (Integer) avro.get("rank") : null,
        !avro.hasField("kept") || (Boolean) avro.get("kept"),
        softLabel(avro));
  }

  private static @Nullable SoftLabel softLabel(GenericRecord avro) {
    return avro.hasField("teacher_hash") && avro.get("teacher_hash") != null
        ? new SoftLabel(
            (Integer) avro.get("teacher_fits"),
            (Double) avro.get("teacher_weight"),
            (Double) avro.get("teacher_temperature"),
            avro.get("teacher_hash").toString())
        : null;
  }
}
