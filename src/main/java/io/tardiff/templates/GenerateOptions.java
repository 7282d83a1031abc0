package io.tardiff.templates;

/** Options of the template {@code generate}. */
public interface GenerateOptions
    extends RunOptions,
        ModelDirectoryOptions,
        PresetOptions,
        GuidanceOptions,
        SamplingOptions,
        ResourceOptions {}
