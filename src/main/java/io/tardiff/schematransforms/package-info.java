/**
 * The transforms of this library for pipelines in other languages: Beam YAML and Python, by way of
 * Beam's expansion service.
 *
 * <p>Each transform is a {@code SchemaTransformProvider}: its configuration is a row, and rows go
 * in and come out. A field of a configuration is the template's option of the same name in snake
 * case ({@code --guidanceScales}, {@code guidance_scales}), with the same meaning and default; what
 * the command line writes with commas is a list here. Beam finds the providers as services:
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
