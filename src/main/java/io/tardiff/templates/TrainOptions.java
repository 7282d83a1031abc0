package io.tardiff.templates;

/** Options of the template {@code train}. */
public interface TrainOptions
    extends RunOptions,
        CohortDirectoryOptions,
        PresetOptions,
        DenoiserOptions,
        ClassifierOptions,
        ResourceOptions {}
