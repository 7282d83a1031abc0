/**
 * The transforms of this library for pipelines in Beam YAML, Python and other languages, through
 * Beam's expansion service.
 *
 * <p>Each transform is a {@code SchemaTransformProvider} with rows as configuration, input and
 * output. The fields of a configuration are options of {@link io.tardiff.options}, with their names
 * in snake case ({@code --guidanceScales}, {@code guidance_scales}) and the same meaning, defaults
 * and checks. Lists are lists, not comma-separated text. Beam finds the providers as services:
 *
 * <pre>{@code
 * for (SchemaTransformProvider provider : ServiceLoader.load(SchemaTransformProvider.class)) {
 *   if (provider.identifier().equals("beam:schematransform:io.tardiff:train:v1")) {
 *     Row configuration = Row.withSchema(provider.configurationSchema())...;
 *     PCollectionRowTuple model =
 *         PCollectionRowTuple.of("input", cohort).apply("Train", provider.from(configuration));
 *   }
 * }
 * }</pre>
 *
 * <p>{@code src/site/markdown/schema-transforms.md} lists them with all fields; {@code
 * samples/yaml} and {@code samples/python} hold pipelines. This package only adapts the public
 * transforms and makes no decisions of its own.
 */
package io.tardiff.schematransforms;
