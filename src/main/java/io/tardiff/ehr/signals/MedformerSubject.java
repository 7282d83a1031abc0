package io.tardiff.ehr.signals;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * What is known of a subject beside its samples.
 *
 * @param label class
 * @param split published split, null where none was asked for
 * @param used whether it is read at all
 */
record MedformerSubject(int label, @Nullable String split, boolean used) implements Serializable {}
