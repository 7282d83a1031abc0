package io.tardiff.generation;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.tardiff.files.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import org.apache.beam.sdk.coders.CustomCoder;
import org.apache.beam.sdk.coders.StringUtf8Coder;

/** Encodes a record as JSON, which keeps every bit of its numbers. */
final class RecordCoder<R extends Record> extends CustomCoder<R> {
  private final Class<R> type;

  RecordCoder(Class<R> type) {
    this.type = type;
  }

  @Override
  public void encode(R value, OutputStream stream) throws IOException {
    StringUtf8Coder.of().encode(Json.RECORDS.writeValueAsString(value), stream);
  }

  @Override
  public R decode(InputStream stream) throws IOException {
    try {
      return Json.record(Json.MAPPER.readTree(StringUtf8Coder.of().decode(stream)), type);
    } catch (JsonProcessingException e) {
      throw new IOException("it is not JSON", e);
    }
  }
}
