/**
 * Files as every other package reads and writes them, on any of Beam's file systems: whole or not
 * there at all ({@link io.tardiff.files.AtomicFile}), in shards whose bytes depend on the records
 * alone ({@link io.tardiff.files.SortedAvroShards}), and plain trees of JSON and YAML whose errors
 * name the field ({@link io.tardiff.files.Json}, {@link io.tardiff.files.Yaml}). {@link
 * io.tardiff.files.RowSchema} makes what stands in a directory an element of a pipeline.
 *
 * <p>A finished artefact is a directory with a {@link io.tardiff.files.Manifest}, which is written
 * last and names every file with its size and hash, and what the artefact was made from. It is read
 * through an {@link io.tardiff.files.ArtefactDirectory}, which hands out no byte of a file that is
 * not what was written without saying so: the hash is taken of the very bytes that are parsed, each
 * time they are read. There is no list of files that were checked before, which would have to be
 * kept right, because hashing costs a small part of decoding. What a file says is checked by those
 * who know its meaning, as a manifest can be made anew.
 *
 * <p>Formats of other tools are in {@code files.npy} and {@code files.parquet}.
 */
package io.tardiff.files;
