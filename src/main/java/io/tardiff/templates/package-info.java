/**
 * The program: ready-made jobs of the library's transforms, and their command line.
 *
 * <p>{@link io.tardiff.templates.Launcher} runs one of the templates. A template consists of an
 * options interface composed of small shared ones (such as {@link
 * io.tardiff.options.CohortOptions}), the creation and validation of the library's configurations
 * from the options, and the wiring of transforms. The help, the checks of names and types, and the
 * run id are derived from the options interfaces by reflection, so that each option is declared in
 * one place.
 *
 * <p>Runs fail early: all problems of a command line are reported in one message, then the output
 * directory is claimed through its {@code run.json}, and only then is a pipeline built. The
 * configurations validate their values; the templates only collect the errors.
 *
 * <p>{@link io.tardiff.templates.flink.ClusterLauncher} is the same program for clusters that run
 * it themselves: it submits the job and returns. The last step of the pipeline therefore records in
 * {@code run.json} that the run is done.
 *
 * <p>The options interfaces are not registered with Beam, because names such as {@code --input}
 * would clash with those of pipelines that use this library.
 */
package io.tardiff.templates;
