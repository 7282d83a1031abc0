package io.tardiff.cohort;

import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import java.io.Serializable;

/**
 * Maps windows between clinical units and the unit scale networks are trained on.
 *
 * <p>Files always hold clinical units; a normaliser is applied where windows enter a network and
 * inverted where samples leave it. It is fitted per channel on the train split only.
 */
@JsonSerialize(converter = Normalisers.ToJson.class)
@JsonDeserialize(converter = Normalisers.FromJson.class)
public interface Normaliser extends Serializable {

  /**
   * Clinical units to network units, in place; {@code values} is {@code [steps, channels]}
   * row-major.
   */
  void normalise(float[] values);

  /** Network units to clinical units, in place; the inverse of {@link #normalise}. */
  void denormalise(float[] values);

  /** Smallest train value of each channel, in network units: {@code [channels]}. */
  float[] low();

  /** Largest train value of each channel, in network units: {@code [channels]}. */
  float[] high();
}
