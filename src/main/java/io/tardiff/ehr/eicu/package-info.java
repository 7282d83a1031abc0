/**
 * The eICU Collaborative Research Database: unit stays, with times in minutes since the admission.
 *
 * <p>{@link io.tardiff.ehr.eicu.Eicu} is the whole of it. Each table has a parser, which knows its
 * columns and no other table; wide tables of vital signs give an event for each cell, long ones an
 * event for each row. Only {@code patient} names the person, so the others are joined to it by a
 * side input from stay to person, after the codes that nobody wants are gone: it is small next to
 * the hundreds of millions of rows that a shuffle would have to move.
 *
 * <p>A name in a long table means little without its group ("Value", "Other"), and the same name
 * may be an intake and an output: codes of such tables are {@code group//name}.
 */
package io.tardiff.ehr.eicu;
