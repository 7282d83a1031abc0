package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.Normalisers;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.cohort.WindowSpecs;
import io.tardiff.files.AtomicFile;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.tensorflow.Weights;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.apache.beam.sdk.annotations.Internal;

/**
 * A trained model on a file system: what {@link TrainModels} wrote and sampling opens.
 *
 * <pre>{@code
 * TarDiffModel model = TarDiffModel.open("gs://bucket/run/model");
 * double signal = model.json().at("/classifier/epochs/0/guidance_signal").asDouble();
 * }</pre>
 *
 * <p>The directory holds {@code model.json} (shape of the windows, normaliser, configurations,
 * histories, provenance), {@code denoiser.avro} (averaged weights), and for every epoch of the
 * target classifier its weights ({@code classifier-003.avro}) and the guidance direction G taken at
 * them ({@code guidance-003.avro}). It needs nothing else: the cohort may be gone.
 */
public final class TarDiffModel {
  /** The file that makes a directory a model; written last. */
  public static final String FILE = "model.json";

  static final int FORMAT = 1;

  private final String directory;
  private final JsonNode json;
  private final WindowSpec spec;
  private final Normaliser normaliser;
  private final DenoiserTraining denoiser;
  private final ClassifierTraining classifier;

  private TarDiffModel(String directory, JsonNode json) {
    this.directory = directory;
    this.json = json;
    int format = json.required("format").asInt();
    checkArgument(format == FORMAT, "format must be %s, was %s", FORMAT, format);
    spec = WindowSpecs.fromJson(json.required("spec"));
    normaliser = Normalisers.fromJson(json.required("normaliser"));
    denoiser =
        DenoiserTraining.settings().fromJson(json.required("denoiser").required("configuration"));
    classifier =
        ClassifierTraining.settings()
            .fromJson(json.required("classifier").required("configuration"));
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
      return new TarDiffModel(directory, ModelJson.MAPPER.readTree(AtomicFile.readText(path)));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a model: it holds no " + FILE + " (the train step writes one)", e);
    } catch (com.fasterxml.jackson.core.JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalArgumentException(path + " is damaged: " + firstLine(e), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
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
    return json.required("run_id").asText();
  }

  /** Hash of the cohort that it was trained on. */
  public String cohortHash() {
    return json.required("cohort_hash").asText();
  }

  public WindowSpec spec() {
    return spec;
  }

  /** Between clinical units and network units, as fitted on train. */
  public Normaliser normaliser() {
    return normaliser;
  }

  /** Windows of each label in the train split the model learnt from: {@code [classes]}. */
  public long[] trainLabels() {
    JsonNode counts = json.required("train_labels");
    long[] labels = new long[counts.size()];
    for (int k = 0; k < labels.length; k++) {
      labels[k] = counts.get(k).asLong();
    }
    return labels;
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
    return ModelJson.rows(json.required("denoiser").required("noise_error"));
  }

  /** Epoch, from 1, with the best tuning AUPRC. */
  public int bestEpoch() {
    return json.required("classifier").required("best_epoch").asInt();
  }

  /** How many epochs the classifier was trained. */
  public int epochs() {
    return json.required("classifier").required("epochs").size();
  }

  /** Hash of the guidance direction at that epoch. */
  public String guidanceHash(int epoch) {
    checkEpoch(epoch);
    return json.required("classifier")
        .required("epochs")
        .get(epoch - 1)
        .required("guidance_hash")
        .asText();
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

  /** {@code model.json}: configurations, histories and provenance. */
  public JsonNode json() {
    return json.deepCopy();
  }

  static String classifierFile(int epoch) {
    return String.format("classifier-%03d.avro", epoch);
  }

  static String guidanceFile(int epoch) {
    return String.format("guidance-%03d.avro", epoch);
  }
}
