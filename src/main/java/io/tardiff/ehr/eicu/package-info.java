/**
 * The eICU Collaborative Research Database: unit stays, with times in minutes since admission.
 *
 * <p>{@link io.tardiff.ehr.eicu.Eicu} is the entry point. Each table has its own parser; wide
 * tables give an event per cell, long ones an event per row. Only {@code patient} names the person.
 * The other tables look it up in a side input from stay to person, after unwanted codes are
 * dropped: the map is small, while a shuffle would have to move hundreds of millions of rows.
 *
 * <p>Names in long tables are ambiguous without their group ("Value", "Other"), so the codes of
 * such tables are {@code group//name}.
 */
package io.tardiff.ehr.eicu;
