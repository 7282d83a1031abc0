package io.tardiff.files;

import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.schemas.Schema;
import org.apache.beam.sdk.schemas.SchemaProvider;
import org.apache.beam.sdk.transforms.SerializableFunction;
import org.apache.beam.sdk.values.Row;
import org.apache.beam.sdk.values.TypeDescriptor;

/**
 * Defines the Beam schema of a type whose fields are not getters, such as an artefact in a
 * directory, with the conversion to a row and back. Pass a subclass with a no-argument constructor
 * to {@code @DefaultSchema}.
 */
@Internal
public abstract class RowSchema<T> implements SchemaProvider {
  private static final long serialVersionUID = 1L;

  private final Class<T> type;
  private final Schema schema;

  protected RowSchema(Class<T> type, Schema schema) {
    this.type = type;
    this.schema = schema;
  }

  /** Returns the fields of a row. */
  public final Schema schema() {
    return schema;
  }

  public abstract Row toRow(T value);

  public abstract T fromRow(Row row);

  @Override
  public final <V> Schema schemaFor(TypeDescriptor<V> descriptor) {
    return type.isAssignableFrom(descriptor.getRawType()) ? schema : null;
  }

  @Override
  @SuppressWarnings("unchecked")
  public final <V> SerializableFunction<V, Row> toRowFunction(TypeDescriptor<V> descriptor) {
    return (SerializableFunction<V, Row>) new ToRow<>(this);
  }

  @Override
  @SuppressWarnings("unchecked")
  public final <V> SerializableFunction<Row, V> fromRowFunction(TypeDescriptor<V> descriptor) {
    return (SerializableFunction<Row, V>) new FromRow<>(this);
  }

  /**
   * Providers of the same class are equal, and so are the coders of a type, so that its collections
   * can be flattened.
   */
  @Override
  public final boolean equals(Object other) {
    return other != null && getClass() == other.getClass();
  }

  @Override
  public final int hashCode() {
    return getClass().hashCode();
  }

  private record ToRow<T>(RowSchema<T> provider) implements SerializableFunction<T, Row> {
    @Override
    public Row apply(T value) {
      return provider.toRow(value);
    }
  }

  private record FromRow<T>(RowSchema<T> provider) implements SerializableFunction<Row, T> {
    @Override
    public T apply(Row row) {
      return provider.fromRow(row);
    }
  }
}
