package io.tardiff.templates;

import io.tardiff.options.EvaluationOptions;
import io.tardiff.options.GateOptions;
import io.tardiff.options.ResourceOptions;

/** Options of the template {@code evaluate}. */
public interface EvaluateOptions
    extends RunOptions,
        CohortDirectoryOptions,
        SyntheticDirectoryOptions,
        PresetOptions,
        EvaluationOptions,
        GateOptions,
        ResourceOptions {}
