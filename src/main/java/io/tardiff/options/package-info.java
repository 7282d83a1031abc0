/**
 * Every setting that a person can give, declared once: the template's options and the fields of the
 * schema transforms are two faces of these.
 *
 * <p>A setting is a getter of the interface of its group, such as {@link
 * io.tardiff.options.DenoiserOptions}: its name, type, words and description. Beam's own {@code
 * PipelineOptions} are the declaration, because Beam, its runners and their consoles know how to
 * read and show them. The option sets the setting of the same name in the {@link
 * io.tardiff.settings.Settings} of a configuration, which has the default and the check; what is
 * made of several options together is in {@link io.tardiff.options.Configurations}.
 *
 * <p>{@link io.tardiff.options.OptionCatalogue} reads the declarations. Help, checks of a command
 * line, the metadata of Flex Templates, the configuration rows of schema transforms and their pages
 * are written from it.
 *
 * <p>The interfaces are not registered with Beam: names as plain as {@code --input} would clash
 * with those of a pipeline that uses this library.
 */
@Internal
package io.tardiff.options;

import org.apache.beam.sdk.annotations.Internal;
