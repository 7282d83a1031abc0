package io.tardiff.templates;

/** Options of the template {@code ingest}. */
public interface IngestOptions extends RunOptions, SourceOptions, CohortOptions, ExportOptions {}
