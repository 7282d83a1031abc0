package io.tardiff.templates;

/** Options of the template {@code evaluate}. */
public interface EvaluateOptions
    extends RunOptions,
        CohortDirectoryOptions,
        SyntheticDirectoryOptions,
        PresetOptions,
        EvaluationOptions,
        ResourceOptions {}
