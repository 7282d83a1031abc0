/**
 * Parquet files on any Beam file system, as flat rows with their types kept.
 *
 * <p>{@link io.tardiff.files.parquet.ParquetRows} reads a file one row group at a time, which is
 * also the piece that workers share a file by; {@link io.tardiff.files.parquet.ParquetOutput}
 * writes one. {@link io.tardiff.ehr.table.ReadParquetTable} feeds a {@link
 * io.tardiff.ehr.table.TableParser} from files.
 *
 * <h2>Dependencies</h2>
 *
 * Parquet's own Java library decodes and encodes. It was written for Hadoop and still links to
 * Hadoop's classes: {@code FileInputFormat} and what it names are loaded, and none of them is ever
 * called. So hadoop-common and hadoop-mapreduce-client-core (6.5 MB, Apache 2.0) come without
 * anything that they depend on. Files are opened through Beam's {@code FileSystems}, settings are a
 * {@code PlainParquetConfiguration}, and pages are uncompressed by {@link
 * io.tardiff.files.parquet.Codecs} instead of Hadoop's codecs.
 *
 * <p>Beam's own ParquetIO makes an Avro record of every row, brings Parquet-Avro and the whole of
 * Hadoop's client, and was not published in every Beam version.
 */
@Internal
package io.tardiff.files.parquet;

import org.apache.beam.sdk.annotations.Internal;
