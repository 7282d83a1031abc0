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
 * A trained model on a file system: what {@link TrainModels} wrote and sampling opens.
 *
 * <pre>{@code
 * TarDiffModel model = TarDiffModel.open("gs://bucket/run/model");
 * double signal = model.classifierEpochs().get(0).guidanceSignal();
 * }</pre>
 *
 * <p>It is also what travels between transforms: {@link TrainModels} gives one when it is complete,
 * and sampling takes it. A pipeline that begins with a model of an earlier one opens it:
 *
 * <pre>{@code
 * PCollection<TarDiffModel> model =
 *     pipeline.apply(Create.of(TarDiffModel.open("gs://bucket/run/model")));
 * }</pre>
 *
 * <p>The directory holds {@code model.json} (shape of the windows, normaliser, configurations,
 * histories, provenance), {@code denoiser.avro} (averaged weights), and for every epoch of the
 * target classifier its weights ({@code classifier-003.avro}) and the guidance direction G taken at
 * them ({@code guidance-003.avro}). It needs nothing else: the cohort may be gone.
 */
@DefaultSchema(TarDiffModel.InRows.class)
public final class TarDiffModel {
  /** The file that makes a directory a model; written last. */
  public static final String FILE = "model.json";

  static final int FORMAT = 1;

  private final String directory;
  private final String content;
  private final ModelFile file;
  private final DenoiserTraining denoiser;
  private final ClassifierTraining classifier;

  /**
   * How far the denoiser was at a step.
   *
   * @param trainLoss mean since the last one
   * @param tuningLoss of the averaged weights on the tuning split
   */
  public record DenoiserLoss(long step, float trainLoss, float tuningLoss) {}

  /**
   * What one pass over train made of the target classifier.
   *
   * @param epoch number, from 1
   * @param trainLoss mean cross-entropy, with class weights
   * @param tuningLoss mean cross-entropy
   * @param guidanceNorm length of the mean gradient over the guidance set
   * @param guidanceSignal how far G is a direction and not noise; near 1 it is one
   * @param guidanceHash names G
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
   * @throws UncheckedIOException where there is none
   * @throws IllegalArgumentException where it is damaged, naming what is wrong
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

  /** The model in {@code directory}, whose {@code model.json} has that content. */
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

  /** Names the model: cohort, configuration and seed. */
  public String id() {
    return file.runId();
  }

  /** Hash of the cohort that it was trained on. */
  public String cohortHash() {
    return file.cohortHash();
  }

  public WindowSpec spec() {
    return file.spec();
  }

  /** Between clinical units and network units, as fitted on train. */
  public Normaliser normaliser() {
    return file.normaliser();
  }

  /** Windows of each label in the train split the model learnt from: {@code [classes]}. */
  public long[] trainLabels() {
    return file.trainLabels().clone();
  }

  public DenoiserTraining denoiser() {
    return denoiser;
  }

  /** The network of the target classifier. */
  public ClassifierConfig classifier() {
    return classifier.network();
  }

  public ClassifierTraining classifierTraining() {
    return classifier;
  }

  /** Mean squared error of the predicted noise: {@code [noise steps][channels]}. */
  public double[][] noiseError() {
    return Arrays.stream(file.denoiser().noiseError())
        .map(double[]::clone)
        .toArray(double[][]::new);
  }

  /** Losses of the denoiser in the course of its training. */
  public List<DenoiserLoss> denoiserHistory() {
    return List.copyOf(file.denoiser().history());
  }

  /** How many numbers the denoiser has. */
  public long denoiserSize() {
    return file.denoiser().weights();
  }

  /** How long the denoiser was trained. */
  public double denoiserSeconds() {
    return file.denoiser().seconds();
  }

  /** What each epoch made of the target classifier. */
  public List<ClassifierEpoch> classifierEpochs() {
    return List.copyOf(file.classifier().epochs());
  }

  /** Epoch, from 1, with the best tuning AUPRC. */
  public int bestEpoch() {
    return file.classifier().bestEpoch();
  }

  /** How many epochs the classifier was trained. */
  public int epochs() {
    return file.classifier().epochs().size();
  }

  /** Hash of the guidance direction at that epoch. */
  public String guidanceHash(int epoch) {
    checkEpoch(epoch);
    return classifierEpochs().get(epoch - 1).guidanceHash();
  }

  @Internal
  public Weights denoiserWeights() {
    return weights("denoiser.avro");
  }

  /** Weights of the target classifier after that epoch (from 1). */
  @Internal
  public Weights classifierWeights(int epoch) {
    checkEpoch(epoch);
    return weights(classifierFile(epoch));
  }

  /** G, of length 1, at the classifier after that epoch (from 1). */
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

  /** Whether it is the same model in the same directory. */
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

  /** A model as a row: {@code directory}, {@code id} and the {@code content} of its file. */
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
