package io.tardiff.files.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.DOUBLE;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayInputStream;
import java.nio.channels.Channels;
import java.util.Base64;
import java.util.Set;
import org.apache.arrow.vector.ipc.ReadChannel;
import org.apache.arrow.vector.ipc.message.MessageSerializer;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;
import org.junit.jupiter.api.Test;

class ArrowSchemaTest {
  private static final MessageType COLUMNS =
      Types.buildMessage()
          .required(INT64)
          .named("id")
          .optional(INT64)
          .as(timestampType(false, TimeUnit.MICROS))
          .named("time")
          .optional(INT64)
          .as(timestampType(true, TimeUnit.MILLIS))
          .named("utc")
          .required(BINARY)
          .as(stringType())
          .named("code")
          .optional(BINARY)
          .as(stringType())
          .named("text")
          .optional(FLOAT)
          .named("single")
          .optional(DOUBLE)
          .named("wide")
          .optional(INT32)
          .named("step")
          .optional(BOOLEAN)
          .named("flag")
          .named("schema");

  @Test
  void arrowReadsTheSchema() throws Exception {
    byte[] message = Base64.getDecoder().decode(ArrowSchema.encode(COLUMNS, Set.of("text")));
    Schema schema =
        MessageSerializer.deserializeSchema(
            new ReadChannel(Channels.newChannel(new ByteArrayInputStream(message))));
    assertThat(
        schema.getFields().toString(),
        is(
            "[id: Int(64, true) not null, time: Timestamp(MICROSECOND, null), utc:"
                + " Timestamp(MILLISECOND, UTC), code: Utf8 not null, text: LargeUtf8, single:"
                + " FloatingPoint(SINGLE), wide: FloatingPoint(DOUBLE), step: Int(32, true), flag:"
                + " Bool]"));
  }
}
