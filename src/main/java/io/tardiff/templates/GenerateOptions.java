package io.tardiff.templates;

/** Options of the template {@code generate}. */
public interface GenerateOptions
    extends RunOptions,
        CohortDirectoryOptions,
        ModelDirectoryOptions,
        PresetOptions,
        GuidanceOptions,
        SamplingOptions {}
