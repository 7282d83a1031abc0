/**
 * Reads and writes Parquet files on any Beam file system, as flat typed rows.
 *
 * <p>{@link io.tardiff.files.parquet.ParquetRows} reads a file by row group, which is also the unit
 * in which workers share a file; {@link io.tardiff.files.parquet.ParquetOutput} writes one. {@link
 * io.tardiff.ehr.table.ReadParquetTable} passes the rows to a {@link
 * io.tardiff.ehr.table.TableParser}.
 *
 * <h2>Dependencies</h2>
 *
 * Parquet's own Java library encodes and decodes. It was written for Hadoop and still links to
 * Hadoop's classes: {@code FileInputFormat} and its dependencies are loaded but never called.
 * Therefore hadoop-common and hadoop-mapreduce-client-core (6.5 MB, Apache 2.0) are included
 * without their dependencies. Files are opened through Beam's {@code FileSystems}, settings are a
 * {@code PlainParquetConfiguration}, and {@link io.tardiff.files.parquet.Codecs} replaces Hadoop's
 * codecs.
 *
 * <p>Beam's ParquetIO was not used because it creates an Avro record per row, depends on
 * Parquet-Avro and all of Hadoop's client, and was not published with every version of Beam.
 */
@Internal
package io.tardiff.files.parquet;

import org.apache.beam.sdk.annotations.Internal;
