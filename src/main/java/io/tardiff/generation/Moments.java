package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.google.common.hash.Hashing;
import io.tardiff.files.DamagedFileException;
import io.tardiff.files.Json;
import io.tardiff.influence.MomentFeatures;
import io.tardiff.influence.MomentFit;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What moment guidance was fitted to for a model and a sampler: {@code moments.json} in the set of
 * its samples, which can be drawn again with it.
 *
 * @param modelId id of the model
 * @param sampler hash of the settings of the sampler that the pilots were drawn with
 * @param epochs points of the training of the target classifier whose features are matched
 * @param components number of components whose means are matched
 * @param pilot samples of each class in a round
 * @param bestRound the round whose lambda is used; 0 for that of the unguided samples, which is 0
 * @param rounds how far the pilot of each round was from the real windows
 * @param coefficients of the features, {@code [classes][features]}
 */
@Internal
public record Moments(
    String modelId,
    String sampler,
    List<Integer> epochs,
    int components,
    int pilot,
    int bestRound,
    List<MomentFit.Round> rounds,
    double[][] coefficients) {
  /** The file in the directory of a set. */
  public static final String FILE = "moments.json";

  /** Returns the points of the training of the target classifier whose features are matched. */
  static List<Integer> points(TarDiffModel model) {
    return Stream.of(1, model.bestEpoch(), model.epochs()).distinct().sorted().toList();
  }

  /** Returns the number of features. */
  static int features(TarDiffModel model) {
    int classifier = model.classifier().features() + model.spec().classes() - 1;
    return points(model).size() * classifier + summaries(model);
  }

  /** Returns the number of summaries, which are the last features. */
  static int summaries(TarDiffModel model) {
    return MomentFeatures.SUMMARIES * model.spec().channels().size();
  }

  /** Returns the coefficients as the sampler takes them. */
  float[] tilt() {
    return tilt(coefficients);
  }

  static float[] tilt(double[][] coefficients) {
    int width = coefficients[0].length;
    float[] tilt = new float[coefficients.length * width];
    for (int i = 0; i < tilt.length; i++) {
      tilt[i] = (float) coefficients[i / width][i % width];
    }
    return tilt;
  }

  /** Returns the content of the file. */
  public String text() {
    return Json.pretty(this) + System.lineSeparator();
  }

  /** Returns the hash in ledger records. */
  @JsonIgnore
  public String hash() {
    return Hashing.sha256().hashString(text(), StandardCharsets.UTF_8).toString().substring(0, 16);
  }

  /**
   * Reads the moments of a set, for its model.
   *
   * @throws DamagedFileException if the file is missing, damaged, or does not fit the model
   */
  static Moments of(SyntheticSet set, TarDiffModel model) {
    String path = set.files().resolve(FILE);
    try {
      Moments moments = Json.record(Json.MAPPER.readTree(set.files().text(FILE)), Moments.class);
      checkArgument(
          moments.coefficients.length == model.spec().classes()
              && Stream.of(moments.coefficients).allMatch(row -> row.length == features(model)),
          "its coefficients do not fit the model");
      return moments;
    } catch (JsonProcessingException e) {
      throw DamagedFileException.damaged(path, "it is not JSON", e);
    } catch (IllegalArgumentException | NullPointerException e) {
      throw DamagedFileException.damaged(path, String.valueOf(e.getMessage()), e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + path, e);
    }
  }
}
