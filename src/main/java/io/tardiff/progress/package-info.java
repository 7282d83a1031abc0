/**
 * What a person sees while a long phase runs.
 *
 * <p>{@link io.tardiff.progress.Progress} counts units done by any thread and shows them in one of
 * two ways, chosen once per phase: a bar where standard error is a terminal, a log line at a fixed
 * rhythm where it is not (a file, a container, a cluster worker). Either way the phase ends with
 * one line. Counting needs no thread of its own: a line that is due is written by whoever next
 * reports progress.
 *
 * <p>Beam metrics are another matter: they are for the runner and its console, and the transforms
 * report them beside this.
 */
@Internal
package io.tardiff.progress;

import org.apache.beam.sdk.annotations.Internal;
