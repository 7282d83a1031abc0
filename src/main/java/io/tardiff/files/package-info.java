/**
 * Reads and writes files on any Beam file system, for all other packages: atomically ({@link
 * io.tardiff.files.AtomicFile}), in shards whose bytes depend only on the records ({@link
 * io.tardiff.files.SortedAvroShards}), and as trees of JSON and YAML with errors that name the
 * field ({@link io.tardiff.files.Json}, {@link io.tardiff.files.Yaml}). {@link
 * io.tardiff.files.RowSchema} lets an artefact in a directory be an element of a PCollection.
 *
 * <p>A finished artefact is a directory with a {@link io.tardiff.files.Manifest}, which is written
 * last and lists every file with its size and hash, and the artefacts it was made from. Readers use
 * an {@link io.tardiff.files.ArtefactDirectory}, which hashes the bytes that are parsed each time
 * they are read. It keeps no list of files checked before: such a list could go stale, and hashing
 * costs a small part of decoding. Because a manifest can be forged, the packages that know the
 * meaning of a file also check its content.
 *
 * <p>Formats of other tools are in {@code files.npy} and {@code files.parquet}.
 */
package io.tardiff.files;
