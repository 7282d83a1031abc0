package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.Json;
import io.tardiff.files.RowSchema;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.tensorflow.Weights;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.annotations.DefaultSchema;
import org.apache.beam.sdk.values.Row;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A trained model on a file system, written by {@link TrainModels}.
 *
 * <pre>{@code
 * TarDiffModel model = TarDiffModel.open("gs://bucket/run/model");
 * double signal = model.classifierEpochs().get(0).guidanceSignal();
 * }</pre>
 *
 * <p>It is also the element passed between transforms: {@link TrainModels} outputs a model when it
 * is complete, and sampling takes it as input. To start from a model trained earlier, open it:
 *
 * <pre>{@code
 * PCollection<TarDiffModel> model =
 *     pipeline.apply(Create.of(TarDiffModel.open("gs://bucket/run/model")));
 * }</pre>
 *
 * <p>The directory holds {@code model.json} (shape of the windows, normaliser, configurations,
 * histories, provenance), {@code denoiser.avro} (averaged weights), and for every epoch of the
 * target classifier its weights ({@code classifier-003.avro}) and the guidance direction G at those
 * weights ({@code guidance-003.avro}). The model does not need the cohort it was trained on.
 */
@DefaultSchema(TarDiffModel.InRows.class)
public final class TarDiffModel {
  /** The file that marks a directory as a complete model; written last. */
  public static final String FILE = "model.json";

  static final int FORMAT = 1;

  private final String directory;
  private final String content;
  private final ModelFile file;
  private final DenoiserTraining denoiser;
  private final ClassifierTraining classifier;

  /**
   * The losses of the denoiser after a step.
   *
   * @param trainLoss mean training loss since the previous measurement
   * @param tuningLoss loss of the averaged weights on the tuning split
   */
  public record DenoiserLoss(long step, float trainLoss, float tuningLoss) {}

  /**
   * Metrics of the target classifier, and of G, after an epoch.
   *
   * @param epoch number, from 1
   * @param trainLoss mean cross-entropy, with class weights
   * @param tuningLoss mean cross-entropy
   * @param guidanceNorm length of the mean gradient over the guidance set
   * @param guidanceSignal agreement of G between random halves of the guidance set: near 1 G is a
   *     real direction, near 0 or below it is noise
   * @param guidanceHash hash of G
   */
  public record ClassifierEpoch(
      int epoch,
      double trainLoss,
      double tuningLoss,
      double tuningAuroc,
      double tuningAuprc,
      double seconds,
      double guidanceNorm,
      double guidanceSignal,
      @JsonProperty(required = true) String guidanceHash) {}

  private TarDiffModel(String directory, String content, ModelFile file) {
    this.directory = directory;
    this.content = content;
    this.file = file;
    denoiser = DenoiserTraining.settings().fromJson(file.denoiser().configuration());
    classifier = ClassifierTraining.settings().fromJson(file.classifier().configuration());
    checkArgument(
        noiseError().length == denoiser.noiseSteps(),
        "noise_error must have %s rows, had %s",
        denoiser.noiseSteps(),
        noiseError().length);
  }

  /**
   * Opens the model in a directory of any Beam file system.
   *
   * @throws UncheckedIOException if there is none
   * @throws IllegalArgumentException if it is damaged; the message names the field
   */
  public static TarDiffModel open(String directory) {
    String path = AtomicFile.resolve(directory, FILE);
    try {
      return of(directory, AtomicFile.readText(path));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a model: it holds no " + FILE + " (the train step writes one)", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  /** Returns the model in {@code directory}, whose {@code model.json} has the given content. */
  static TarDiffModel of(String directory, String content) {
    try {
      JsonNode json = Json.MAPPER.readTree(content);
      int format = Json.integer(json, "format");
      checkArgument(format == FORMAT, "format must be %s, was %s", FORMAT, format);
      return new TarDiffModel(directory, content, Json.record(json, ModelFile.class));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(
          AtomicFile.resolve(directory, FILE) + " is damaged: " + firstLine(e), e);
    }
  }

  private static String firstLine(Exception e) {
    String message = e instanceof IOException ? "it is not JSON" : String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("");
  }

  public String directory() {
    return directory;
  }

  /** Returns the id of the model, a hash of cohort, configuration and seed. */
  public String id() {
    return file.runId();
  }

  /** Returns the hash of the cohort it was trained on. */
  public String cohortHash() {
    return file.cohortHash();
  }

  public WindowSpec spec() {
    return file.spec();
  }

  /** Returns the normaliser, fitted on train, that converts between clinical and network units. */
  public Normaliser normaliser() {
    return file.normaliser();
  }

  /** Returns the number of train windows of each label, {@code [classes]}. */
  public long[] trainLabels() {
    return file.trainLabels().clone();
  }

  public DenoiserTraining denoiser() {
    return denoiser;
  }

  /** Returns the network of the target classifier. */
  public ClassifierConfig classifier() {
    return classifier.network();
  }

  public ClassifierTraining classifierTraining() {
    return classifier;
  }

  /** Returns the mean squared error of the predicted noise, {@code [noise steps][channels]}. */
  public double[][] noiseError() {
    return Arrays.stream(file.denoiser().noiseError())
        .map(double[]::clone)
        .toArray(double[][]::new);
  }

  /** Returns the losses of the denoiser during training. */
  public List<DenoiserLoss> denoiserHistory() {
    return List.copyOf(file.denoiser().history());
  }

  /** Returns the number of weights of the denoiser. */
  public long denoiserSize() {
    return file.denoiser().weights();
  }

  /** Returns the training time of the denoiser in seconds. */
  public double denoiserSeconds() {
    return file.denoiser().seconds();
  }

  /** Returns the metrics of each epoch of the target classifier. */
  public List<ClassifierEpoch> classifierEpochs() {
    return List.copyOf(file.classifier().epochs());
  }

  /** Returns the epoch (from 1) with the best tuning AUPRC. */
  public int bestEpoch() {
    return file.classifier().bestEpoch();
  }

  /** Returns the number of epochs of the target classifier. */
  public int epochs() {
    return file.classifier().epochs().size();
  }

  /** Returns the hash of the guidance direction at an epoch. */
  public String guidanceHash(int epoch) {
    checkEpoch(epoch);
    return classifierEpochs().get(epoch - 1).guidanceHash();
  }

  @Internal
  public Weights denoiserWeights() {
    return weights("denoiser.avro");
  }

  /** Returns the weights of the target classifier after an epoch (from 1). */
  @Internal
  public Weights classifierWeights(int epoch) {
    checkEpoch(epoch);
    return weights(classifierFile(epoch));
  }

  /** Returns G, of length 1, for the target classifier after an epoch (from 1). */
  @Internal
  public Weights guidanceDirection(int epoch) {
    checkEpoch(epoch);
    return weights(guidanceFile(epoch));
  }

  private void checkEpoch(int epoch) {
    checkArgument(
        epoch >= 1 && epoch <= epochs(),
        "guidance epoch must be best or from 1 to %s (the epochs of the target classifier), was %s",
        epochs(),
        epoch);
  }

  private Weights weights(String file) {
    String path = AtomicFile.resolve(directory, file);
    try (InputStream in = AtomicFile.open(path)) {
      return Weights.read(in);
    } catch (IOException e) {
      throw new UncheckedIOException(path + " is missing or damaged: " + e.getMessage(), e);
    }
  }

  /** Whether the other object is the same model in the same directory. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TarDiffModel model
        && directory.equals(model.directory)
        && content.equals(model.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(directory, content);
  }

  @Override
  public String toString() {
    return "TarDiffModel " + id() + " in " + directory;
  }

  /** Row schema of a model: {@code directory}, {@code id} and the {@code content} of its file. */
  @Internal
  public static final class InRows extends RowSchema<TarDiffModel> {
    private static final long serialVersionUID = 1L;

    public InRows() {
      super(
          TarDiffModel.class,
          Schema.builder()
              .addStringField("directory")
              .addStringField("id")
              .addStringField("content")
              .build());
    }

    @Override
    public Row toRow(TarDiffModel model) {
      return Row.withSchema(schema()).addValues(model.directory, model.id(), model.content).build();
    }

    @Override
    public TarDiffModel fromRow(Row row) {
      return of(row.getString("directory"), row.getString("content"));
    }
  }

  static String classifierFile(int epoch) {
    return String.format("classifier-%03d.avro", epoch);
  }

  static String guidanceFile(int epoch) {
    return String.format("guidance-%03d.avro", epoch);
  }
}
