package io.tardiff.ehr.signals;

import java.io.Serializable;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Attributes of a subject.
 *
 * @param label class
 * @param split published split; null if none is applied
 * @param used whether the published split includes the subject
 */
record MedformerSubject(int label, @Nullable String split, boolean used) implements Serializable {}
