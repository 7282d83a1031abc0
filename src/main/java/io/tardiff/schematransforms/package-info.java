/**
 * The transforms of this library for pipelines in other languages: Beam YAML and Python, by way of
 * Beam's expansion service.
 *
 * <p>Each transform is a {@code SchemaTransformProvider}: its configuration is a row, and rows go
 * in and come out. The fields of a configuration are options of {@link io.tardiff.options}, by
 * their names in snake case ({@code --guidanceScales}, {@code guidance_scales}), with the same
 * meaning, default and checks; lists are lists and not words with commas. Beam finds the providers
 * as services:
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
 * <p>{@code src/site/markdown/schema-transforms.md} lists them with all fields, {@code
 * samples/yaml} and {@code samples/python} have pipelines. Only public transforms are used here,
 * and nothing is decided here that they do not decide themselves.
 */
package io.tardiff.schematransforms;
