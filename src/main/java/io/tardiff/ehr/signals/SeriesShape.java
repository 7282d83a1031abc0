package io.tardiff.ehr.signals;

import java.util.List;

/**
 * Shape of a signal data set, as determined before the pipeline runs.
 *
 * @param channels channel names
 * @param steps time steps of a recording
 * @param classes number of classes
 */
public record SeriesShape(List<String> channels, int steps, int classes) {}
