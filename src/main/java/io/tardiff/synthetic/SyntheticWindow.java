package io.tardiff.synthetic;

import java.io.Serializable;

/**
 * One generated, labelled window. It has no subject: nobody is behind it.
 *
 * @param sampleId stable id within the run; with the seed it decides every random number drawn
 * @param label class the window was generated for
 * @param values {@code [steps, channels]} row-major, clinical units
 */
public record SyntheticWindow(long sampleId, int label, float[] values) implements Serializable {}
