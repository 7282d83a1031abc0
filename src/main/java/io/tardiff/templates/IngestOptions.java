package io.tardiff.templates;

import io.tardiff.options.CohortOptions;
import io.tardiff.options.SourceOptions;

/** Options of the template {@code ingest}. */
public interface IngestOptions extends RunOptions, SourceOptions, CohortOptions, ExportOptions {}
