/**
 * Synthetic sets: a directory each, with labelled windows and one {@link
 * io.tardiff.synthetic.LedgerRecord} for every sample that was drawn.
 *
 * <p>A {@link io.tardiff.synthetic.SyntheticSet} is what travels between transforms: {@code
 * generation} and {@code selection} write sets, {@code evaluation} measures them. {@link
 * io.tardiff.synthetic.SyntheticWindows} reads one in a program, {@link
 * io.tardiff.synthetic.ReadSynthetic} in a pipeline. {@link io.tardiff.synthetic.ExportSynthetic}
 * and {@link io.tardiff.synthetic.SyntheticToEvents} write sets for other tools, as a cohort's
 * export does. None of this needs a network.
 *
 * <p>{@code manifest.json} is written last: a directory with it is a complete set.
 */
package io.tardiff.synthetic;
