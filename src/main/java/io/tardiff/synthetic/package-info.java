/**
 * Synthetic sets: directories with labelled windows and one {@link
 * io.tardiff.synthetic.LedgerRecord} per sample drawn.
 *
 * <p>A {@link io.tardiff.synthetic.SyntheticSet} is the element passed between transforms: {@code
 * generation} and {@code selection} write sets, and {@code evaluation} measures them. {@link
 * io.tardiff.synthetic.SyntheticWindows} reads a set in a program, {@link
 * io.tardiff.synthetic.ReadSynthetic} in a pipeline. {@link io.tardiff.synthetic.ImportSynthetic}
 * makes sets of the windows of other tools, which have no ledger. {@link
 * io.tardiff.synthetic.ExportSynthetic} and {@link io.tardiff.synthetic.SyntheticToEvents} convert
 * sets for other tools. Nothing here needs a network.
 *
 * <p>{@code manifest.json} is written last: a directory with it is a complete set.
 */
package io.tardiff.synthetic;
