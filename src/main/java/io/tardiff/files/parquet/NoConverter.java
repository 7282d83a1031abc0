package io.tardiff.files.parquet;

import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/**
 * A converter that does nothing. Column readers require one even if their values are read one by
 * one.
 */
final class NoConverter extends GroupConverter {
  @Override
  public Converter getConverter(int field) {
    return new PrimitiveConverter() {};
  }

  @Override
  public void start() {}

  @Override
  public void end() {}
}
