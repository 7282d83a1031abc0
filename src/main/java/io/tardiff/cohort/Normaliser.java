package io.tardiff.cohort;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.Serializable;

/**
 * Converts windows between clinical units and the network units that models are trained on.
 *
 * <p>Files always hold clinical units. Windows are normalised when they enter a network, and
 * samples denormalised when they leave it. Fitted per channel, on the train split only.
 */
@JsonSerialize(converter = Normalisers.ToJson.class)
@JsonDeserialize(converter = Normalisers.FromJson.class)
public interface Normaliser extends Serializable {

  /**
   * Converts clinical units to network units in place.
   *
   * @param values {@code [steps, channels]} row-major
   */
  void normalise(float[] values);

  /** Converts network units to clinical units in place; the inverse of {@link #normalise}. */
  void denormalise(float[] values);

  /** Smallest train value of each channel, in network units: {@code [channels]}. */
  float[] low();

  /** Largest train value of each channel, in network units: {@code [channels]}. */
  float[] high();
}
