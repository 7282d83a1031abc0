/**
 * Reads and writes files on any Beam file system, for all other packages: atomically ({@link
 * io.tardiff.files.AtomicFile}), in shards whose bytes depend only on the records ({@link
 * io.tardiff.files.SortedAvroShards}), and as trees of JSON and YAML with errors that name the
 * field ({@link io.tardiff.files.Json}, {@link io.tardiff.files.Yaml}). {@link
 * io.tardiff.files.RowSchema} lets an artefact in a directory be an element of a PCollection.
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
