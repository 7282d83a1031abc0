/**
 * Tables as a source of events: what the readers of MIMIC, eICU, OMOP and tables of one's own
 * share.
 *
 * <p>A {@link io.tardiff.ehr.table.TableParser} knows one kind of table: its columns, and the
 * events of a row. It is used twice: {@link io.tardiff.ehr.table.ReadTable} feeds it lines of CSV
 * files, {@link io.tardiff.ehr.table.ParseTable} Beam rows from wherever a pipeline has them. A row
 * that it refuses ({@link io.tardiff.ehr.table.BadRowException}) becomes a dead letter. Both can be
 * told which codes are wanted, so that the others are never made into events: a table of charted
 * values has thousands of codes and a cohort wants a handful.
 *
 * <p>For tables that no reader knows the parser is made from a file: {@link
 * io.tardiff.ehr.table.TableMapping} says what the columns mean, and {@link
 * io.tardiff.ehr.table.Tables} reads them. Where there is one file per subject, in its order, the
 * rows of a file share what is known of it (its name, how many rows came before), so such files are
 * read whole; everywhere else a row stands for itself, and files are read in pieces.
 *
 * <p>{@link io.tardiff.ehr.table.TextFormat} says how a source writes its tables, {@link
 * io.tardiff.ehr.table.TableFiles} finds the files and {@link io.tardiff.ehr.table.Cells} reads
 * numbers, times and ids. Files of one table are read each by its own header. Besides events and
 * dead letters there is a third output, of how many rows were read: the share of dead letters is of
 * those, whatever codes are wanted.
 */
package io.tardiff.ehr.table;
