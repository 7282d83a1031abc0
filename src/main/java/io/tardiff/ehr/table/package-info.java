/**
 * Tables as a source of events, shared by the readers of MIMIC, eICU, OMOP and your own tables.
 *
 * <p>A {@link io.tardiff.ehr.table.TableParser} defines the columns of one kind of table and parses
 * its rows. {@link io.tardiff.ehr.table.ReadTable} applies it to files, which may be CSV, Parquet
 * or Avro, {@link io.tardiff.ehr.table.ParseTable} to Beam rows. A row that it rejects ({@link
 * io.tardiff.ehr.table.BadRowException}) becomes a dead letter. Both filter events by code early,
 * since a table of charted values has thousands of codes and a cohort needs a handful.
 *
 * <p>For other tables, a {@link io.tardiff.ehr.table.TableMapping} file defines the parsers and
 * {@link io.tardiff.ehr.table.Tables} reads them. With one file per subject, rows depend on the
 * file name and their position, so such files are read as a whole; all others are read in pieces.
 *
 * <p>{@link io.tardiff.ehr.table.TextFormat} describes text tables, {@link
 * io.tardiff.ehr.table.TableFiles} finds files and {@link io.tardiff.ehr.table.Cells} parses
 * numbers, times and ids. Each file has its own header. A third output counts the rows read, so
 * that the share of dead letters does not depend on the selected codes.
 */
package io.tardiff.ehr.table;
