/**
 * Files as every other package reads and writes them, on any of Beam's file systems: whole or not
 * there at all ({@link io.tardiff.files.AtomicFile}), in shards whose bytes depend on the records
 * alone ({@link io.tardiff.files.SortedAvroShards}), and plain trees of JSON and YAML whose errors
 * name the field ({@link io.tardiff.files.Json}, {@link io.tardiff.files.Yaml}). {@link
 * io.tardiff.files.RowSchema} makes what stands in a directory an element of a pipeline.
 *
 * <p>Formats of other tools are in {@code files.npy} and {@code files.parquet}.
 */
package io.tardiff.files;
