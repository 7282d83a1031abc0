/**
 * Reads and writes files on any Beam file system, for all other packages: atomically ({@link
 * io.tardiff.files.AtomicFile}), in shards whose bytes depend only on the records ({@link
 * io.tardiff.files.SortedAvroShards}), and as trees of JSON and YAML with errors that name the
 * field ({@link io.tardiff.files.Json}, {@link io.tardiff.files.Yaml}). {@link
 * io.tardiff.files.RowSchema} lets an artefact in a directory be an element of a PCollection.
 *
 * <p>The packages {@code files.npy} and {@code files.parquet} read and write the formats of other
 * tools.
 */
package io.tardiff.files;
