package io.tardiff.synthetic;

import java.io.Serializable;

/**
 * A generated, labelled window. It has no subject, because it belongs to no real patient.
 *
 * @param sampleId stable id within the run, which with the seed determines all random numbers
 * @param label class the window was drawn for
 * @param values {@code [steps, channels]} row-major, clinical units
 */
public record SyntheticWindow(long sampleId, int label, float[] values) implements Serializable {}
