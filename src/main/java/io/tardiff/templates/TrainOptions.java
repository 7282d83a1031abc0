package io.tardiff.templates;

import io.tardiff.options.ClassifierOptions;
import io.tardiff.options.DenoiserOptions;
import io.tardiff.options.ResourceOptions;

/** Options of the template {@code train}. */
public interface TrainOptions
    extends RunOptions,
        CohortDirectoryOptions,
        PresetOptions,
        DenoiserOptions,
        ClassifierOptions,
        ResourceOptions {}
