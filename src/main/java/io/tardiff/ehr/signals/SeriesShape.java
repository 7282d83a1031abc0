package io.tardiff.ehr.signals;

import java.util.List;

/**
 * What a set of recordings looks like, as far as its files tell before a pipeline runs.
 *
 * @param channels names of the columns
 * @param steps rows of a recording
 * @param classes number of classes
 */
public record SeriesShape(List<String> channels, int steps, int classes) {}
