package io.tardiff.templates;

/** Options of the template {@code tardiff}: all of the others' in one. */
public interface TarDiffOptions
    extends RunOptions,
        SourceOptions,
        PresetOptions,
        CohortOptions,
        ExportOptions,
        DenoiserOptions,
        ClassifierOptions,
        GuidanceOptions,
        SamplingOptions,
        SelectionOptions,
        EvaluationOptions,
        ResourceOptions {}
