package io.tardiff.templates;

import io.tardiff.options.SourceOptions;
import io.tardiff.options.CohortOptions;

/** Options of the template {@code ingest}. */
public interface IngestOptions extends RunOptions, SourceOptions, CohortOptions, ExportOptions {}
