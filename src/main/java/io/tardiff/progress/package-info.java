/**
 * Shows the progress of long phases to users.
 *
 * <p>{@link io.tardiff.progress.Progress} counts the units done by any thread and shows them as a
 * bar if standard error is a terminal, else (in a file, a container, on a cluster worker) as a log
 * line at fixed intervals. Either way the phase ends with one line. The thread that next reports
 * progress writes a line that is due; only a call that takes long and cannot report, such as a fit,
 * has a thread beside it that says so ({@link io.tardiff.progress.Progress#working}).
 *
 * <p>Beam metrics are separate: they are for the runner and its console, and transforms report
 * both.
 */
@Internal
package io.tardiff.progress;

import org.apache.beam.sdk.annotations.Internal;
