package io.tardiff.templates;

import io.tardiff.options.ClassifierOptions;
import io.tardiff.options.CohortOptions;
import io.tardiff.options.DenoiserOptions;
import io.tardiff.options.EvaluationOptions;
import io.tardiff.options.GateOptions;
import io.tardiff.options.GuidanceOptions;
import io.tardiff.options.ResourceOptions;
import io.tardiff.options.SamplingOptions;
import io.tardiff.options.SelectionOptions;
import io.tardiff.options.SourceOptions;

/** Options of the template {@code tardiff}: those of all other templates. */
public interface TarDiffOptions
    extends RunOptions,
        SourceOptions,
        PresetOptions,
        RepetitionOptions,
        CohortOptions,
        ExportOptions,
        DenoiserOptions,
        ClassifierOptions,
        GuidanceOptions,
        SamplingOptions,
        SavedModelOptions,
        SelectionOptions,
        EvaluationOptions,
        GateOptions,
        ResourceOptions {}
