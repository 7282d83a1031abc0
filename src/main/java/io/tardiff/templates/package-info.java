/**
 * The program: ready jobs made of the library's transforms, and the command line they are run from.
 *
 * <p>{@link io.tardiff.templates.Launcher} runs one of the templates. A template is three things:
 * an options interface composed of small shared ones (such as {@link
 * io.tardiff.options.CohortOptions}), the checks that turn options into the configurations of the
 * library, and the wiring of transforms. The help, the checks of names and types, and the run id
 * are derived from the options interfaces by reflection, so an option is declared in one place.
 *
 * <p>A run is decided before it starts: every problem of a command line is collected and told in
 * one message, the output directory is claimed through its {@code run.json}, and only then is a
 * pipeline built. Values are validated where they belong, in the configurations; the templates only
 * gather what those say.
 *
 * <p>{@link io.tardiff.templates.flink.ClusterLauncher} is the same program for clusters that run
 * it themselves: it submits and returns. A run's state is therefore kept by the pipeline: its last
 * step notes in {@code run.json} that the run is done.
 *
 * <p>The options interfaces are not registered with Beam: names as plain as {@code --input} would
 * clash with those of a pipeline that uses this library.
 */
package io.tardiff.templates;
