package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import io.tardiff.cohort.ChannelScale;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Filling;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.AtomicFile;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Json;
import io.tardiff.files.Manifest;
import io.tardiff.files.RowSchema;
import io.tardiff.influence.ClassifierConfig;
import io.tardiff.tensorflow.Weights;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
 * target classifier its weights ({@code classifier-003.avro}) and the guidance direction G taken at
 * them ({@code guidance-003.avro}), and {@code manifest.json}, which is written last and against
 * which every file is checked when it is read. The model does not need the cohort.
 */
@DefaultSchema(TarDiffModel.InRows.class)
public final class TarDiffModel {
  /** The file that describes the model. */
  public static final String FILE = "model.json";

  static final String DENOISER = "denoiser.avro";

  /** Not in the manifest, because timings differ from run to run. */
  static final String TIMINGS = "timings.json";

  static final int FORMAT = 1;

  /** Tolerance of the length of G, which is stored as floats. */
  private static final double LENGTH_TOLERANCE = 1e-3;

  private final ArtefactDirectory files;
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
   * @param trainLoss mean cross-entropy, with class weights if training has them
   * @param tuningLoss the same on tuning; models of earlier versions have it without class weights
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
      double guidanceNorm,
      double guidanceSignal,
      @JsonProperty(required = true) String guidanceHash) {}

  /** How long training took, in seconds. */
  public record Timings(double denoiserSeconds, double classifierSeconds) {}

  private TarDiffModel(ArtefactDirectory files, String content, ModelFile file) {
    this.files = files;
    this.content = content;
    this.file = file;
    denoiser = DenoiserTraining.settings().fromJson(file.denoiser().configuration());
    classifier = ClassifierTraining.settings().fromJson(file.classifier().configuration());
    file.check(denoiser.noiseSteps());
  }

  /**
   * Opens the model in a directory of any Beam file system, and checks it against its manifest.
   * Weights are read and checked when they are needed.
   *
   * @throws UncheckedIOException if there is none; a {@link DamagedFileException} that names the
   *     file if one is missing or damaged
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public static TarDiffModel open(String directory) {
    try {
      ArtefactDirectory files = ArtefactDirectory.open(directory, Manifest.Kind.MODEL);
      return of(files, files.text(FILE));
    } catch (FileNotFoundException e) {
      throw new UncheckedIOException(
          directory + " is not a model: it holds no " + FILE + " (the train step writes one)", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + AtomicFile.resolve(directory, FILE), e);
    }
  }

  /** Returns the model in a directory, whose {@code model.json} has the given content. */
  static TarDiffModel of(ArtefactDirectory files, String content) {
    try {
      JsonNode json = Json.MAPPER.readTree(content);
      int format = Json.integer(json, "format");
      checkArgument(format == FORMAT, "format must be %s, was %s", FORMAT, format);
      return new TarDiffModel(files, content, Json.record(json, ModelFile.class));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw DamagedFileException.damaged(files.resolve(FILE), firstLine(e), e);
    } catch (NullPointerException e) {
      throw DamagedFileException.damaged(files.resolve(FILE), "a field is missing", e);
    }
  }

  /**
   * Reads all files and checks that every byte is what was written and that all weights are usable.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message names it
   * @throws IllegalStateException if the directory holds a file that does not belong to it
   */
  public void verify() {
    try {
      files.verify();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory(), e);
    }
    denoiserWeights();
    for (int epoch = 1; epoch <= epochs(); epoch++) {
      classifierWeights(epoch);
      guidanceDirection(epoch);
    }
  }

  private static String firstLine(Exception e) {
    String message = e instanceof IOException ? "it is not JSON" : String.valueOf(e.getMessage());
    return message.lines().findFirst().orElse("");
  }

  public String directory() {
    return files.path();
  }

  /** Returns the directory with its manifest. */
  @Internal
  public ArtefactDirectory files() {
    return files;
  }

  /** Returns the id of the model, a hash of cohort, configuration and seed. */
  public String id() {
    return file.runId();
  }

  /**
   * Checks that this model was trained on a cohort.
   *
   * @throws IllegalArgumentException if it was trained on another one
   */
  public void checkTrainedOn(Cohort cohort) {
    checkArgument(
        cohort.hash().equals(cohortHash()) && cohort.spec().equals(spec()),
        "cohort must be the one that model %s was trained on, %s is another",
        directory(),
        cohort.directory());
    files.checkMadeFrom(cohort.files());
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

  /** Returns the scale on which each channel is recorded, {@code [channels]}. */
  @Internal
  public List<ChannelScale> scales() {
    return ChannelScale.orContinuous(file.scales(), spec().channels().size());
  }

  /** Returns how the gaps of samples are filled; empty if the denoiser makes no masks. */
  @Internal
  public Optional<Filling> filling() {
    return Optional.ofNullable(file.filling());
  }

  /** Whether the denoiser makes observation masks together with the values. */
  public boolean isMasked() {
    return file.filling() != null;
  }

  /** Whether the denoiser makes static covariates together with the values. */
  public boolean hasStatics() {
    return file.statics() != null;
  }

  /** Returns the channels of the denoiser. */
  @Internal
  public DenoiserLayout layout() {
    return file.layout();
  }

  /** Returns the number of train windows of each label, {@code [classes]}. */
  public long[] trainLabels() {
    return file.trainLabels().clone();
  }

  /** Returns the number of windows without a label that the denoiser learned from. */
  public long trainUnlabelled() {
    return file.trainUnlabelled() == null ? 0 : file.trainUnlabelled();
  }

  /** Whether the denoiser knows the null class, which stands for any label. */
  public boolean hasNullClass() {
    return denoiser.hasNullClass(trainUnlabelled());
  }

  /** Returns the number of labels of the denoiser: the classes and, last, a null class if any. */
  @Internal
  public int denoiserLabels() {
    return spec().classes() + (hasNullClass() ? 1 : 0);
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

  /**
   * Returns the mean squared error of the predicted noise, {@code [noise steps][channels]}, with a
   * column for each channel of the denoiser: values, masks, static covariates.
   */
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

  /** Returns how long training took, if known. */
  public Optional<Timings> timings() {
    try {
      return Optional.of(
          Json.record(
              Json.MAPPER.readTree(AtomicFile.readText(files.resolve(TIMINGS))), Timings.class));
    } catch (IOException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** Returns the metrics of each epoch of the target classifier. */
  public List<ClassifierEpoch> classifierEpochs() {
    return List.copyOf(file.classifier().epochs());
  }

  /** Returns the epoch (from 1) that is best on tuning by {@link ClassifierTraining#stopBy}. */
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
    Weights weights = weights(DENOISER);
    if (weights.size() != denoiserSize()) {
      throw DamagedFileException.damaged(
          files.resolve(DENOISER),
          "it holds " + weights.size() + " numbers, but " + FILE + " declares " + denoiserSize());
    }
    return weights;
  }

  /**
   * Returns the weights of the target classifier after an epoch (from 1), averaged if its training
   * averages.
   */
  @Internal
  public Weights classifierWeights(int epoch) {
    checkEpoch(epoch);
    return weights(classifierFile(epoch));
  }

  /** Returns G, of length 1, for the target classifier after an epoch (from 1). */
  @Internal
  public Weights guidanceDirection(int epoch) {
    checkEpoch(epoch);
    String name = guidanceFile(epoch);
    byte[] bytes = bytes(name);
    // Also check the hash in model.json, which models without a manifest have too.
    if (!guidanceHash(Hashing.sha256().hashBytes(bytes).toString()).equals(guidanceHash(epoch))) {
      throw DamagedFileException.damaged(files.resolve(name), "its hash does not match " + FILE);
    }
    Weights direction = weights(name, bytes);
    double squares = 0;
    for (Weights.Weight weight : direction.all()) {
      for (float value : weight.values()) {
        squares += (double) value * value;
      }
    }
    if (Math.abs(Math.sqrt(squares) - 1) > LENGTH_TOLERANCE) {
      throw DamagedFileException.damaged(
          files.resolve(name), "it is not a guidance direction, because its length is not 1");
    }
    return direction;
  }

  private void checkEpoch(int epoch) {
    checkArgument(
        epoch >= 1 && epoch <= epochs(),
        "guidance epoch must be best or from 1 to %s (the epochs of the target classifier), was %s",
        epochs(),
        epoch);
  }

  private Weights weights(String name) {
    return weights(name, bytes(name));
  }

  private byte[] bytes(String name) {
    String path = files.resolve(name);
    try {
      return files.bytes(name);
    } catch (FileNotFoundException e) {
      throw DamagedFileException.missing(path);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }

  private Weights weights(String name, byte[] bytes) {
    String path = files.resolve(name);
    try {
      Weights weights = Weights.read(new ByteArrayInputStream(bytes));
      weights.checkFinite();
      return weights.from(path);
    } catch (IOException | IllegalArgumentException e) {
      throw DamagedFileException.damaged(path, e.getMessage(), e);
    }
  }

  /** Whether the other object is the same model in the same directory. */
  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TarDiffModel model
        && files.equals(model.files)
        && content.equals(model.content);
  }

  @Override
  public int hashCode() {
    return Objects.hash(files, content);
  }

  @Override
  public String toString() {
    return "TarDiffModel " + id() + " in " + directory();
  }

  /**
   * Encodes a model as a row: {@code directory}, {@code id}, the {@code content} of {@code
   * model.json} and the {@code manifest}, empty if there is none.
   */
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
              .addStringField("manifest")
              .build());
    }

    @Override
    public Row toRow(TarDiffModel model) {
      return Row.withSchema(schema())
          .addValues(model.directory(), model.id(), model.content, model.files.manifestText())
          .build();
    }

    @Override
    public TarDiffModel fromRow(Row row) {
      return of(
          ArtefactDirectory.parse(
              row.getString("directory"), Manifest.Kind.MODEL, row.getString("manifest")),
          row.getString("content"));
    }
  }

  /** Returns the hash of G in {@code model.json} and the ledger, from the SHA-256 of its file. */
  static String guidanceHash(String sha256) {
    return sha256.substring(0, 16);
  }

  static String classifierFile(int epoch) {
    return String.format("classifier-%03d.avro", epoch);
  }

  static String guidanceFile(int epoch) {
    return String.format("guidance-%03d.avro", epoch);
  }
}
