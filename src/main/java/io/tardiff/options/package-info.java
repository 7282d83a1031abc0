/**
 * Declares every setting that users can give, once, for both the options of the templates and the
 * fields of the schema transforms.
 *
 * <p>A setting is a getter in the interface of its group, such as {@link
 * io.tardiff.options.DenoiserOptions}, with name, type, accepted words and description. The
 * interfaces extend Beam's {@code PipelineOptions}, because Beam, its runners and their consoles
 * can read and show those. An option sets the setting of the same name in the {@link
 * io.tardiff.settings.Settings} of a configuration, which has its default and validates it; {@link
 * io.tardiff.options.Configurations} handles what several options determine together.
 *
 * <p>{@link io.tardiff.options.OptionCatalogue} reads the declarations. Help, the checks of a
 * command line, the metadata of Flex Templates, the configuration rows of schema transforms and
 * their reference pages are generated from it.
 *
 * <p>The interfaces are not registered with Beam, because names such as {@code --input} would clash
 * with those of pipelines that use this library.
 */
@Internal
package io.tardiff.options;

import org.apache.beam.sdk.annotations.Internal;
