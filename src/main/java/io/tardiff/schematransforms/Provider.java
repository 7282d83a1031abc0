package io.tardiff.schematransforms;

import java.util.List;
import org.apache.beam.sdk.schemas.transforms.SchemaTransform;
import org.apache.beam.sdk.schemas.transforms.TypedSchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;

/**
 * A transform by its name, which checks its whole configuration before it becomes part of a
 * pipeline: all that is wrong is told in one message, in the names of the fields.
 */
abstract class Provider<C> extends TypedSchemaTransformProvider<C> {
  static final String INPUT = "input";
  static final String OUTPUT = "output";

  /** What a checked configuration does to a pipeline. */
  interface Expansion {
    PCollectionRowTuple expand(PCollectionRowTuple inputs);
  }

  private final String name;
  private final String description;
  private final List<String> inputs;
  private final List<String> outputs;

  Provider(String name, List<String> inputs, List<String> outputs, String description) {
    this.name = name;
    this.description = description;
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /** Checks a configuration; what is wrong with it goes to {@code fields}. */
  abstract Expansion prepare(C configuration, Fields fields);

  /** The last word of the identifier. */
  final String name() {
    return name;
  }

  @Override
  public final String identifier() {
    return "beam:schematransform:io.tardiff:" + name + ":v1";
  }

  @Override
  public final String description() {
    return description;
  }

  @Override
  public final List<String> inputCollectionNames() {
    return inputs;
  }

  @Override
  public final List<String> outputCollectionNames() {
    return outputs;
  }

  @Override
  protected final SchemaTransform from(C configuration) {
    Fields fields = new Fields();
    Expansion expansion = prepare(configuration, fields);
    fields.check(name);
    return new Transform(expansion);
  }

  private static final class Transform extends SchemaTransform {
    /** Expanded where it was made; only the transforms within travel. */
    private final transient Expansion expansion;

    Transform(Expansion expansion) {
      this.expansion = expansion;
    }

    @Override
    public PCollectionRowTuple expand(PCollectionRowTuple inputs) {
      return expansion.expand(inputs);
    }
  }
}
