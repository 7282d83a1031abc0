package io.tardiff.ehr.meds;

import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.FLOAT;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/** Column names and schemas of MEDS 0.4. */
final class MedsColumns {
  static final String VERSION = "0.4.0";

  static final String SUBJECT = "subject_id";
  static final String TIME = "time";
  static final String CODE = "code";
  static final String NUMBER = "numeric_value";
  static final String TEXT = "text_value";
  static final String SPLIT = "split";
  static final String PREDICTION_TIME = "prediction_time";
  static final String BOOLEAN_LABEL = "boolean_value";
  static final String INTEGER_LABEL = "integer_value";

  /** Additional columns, which MEDS allows. */
  static final String STAY = "stay_id";

  static final String UNIT = "unit";

  static final MessageType DATA =
      Types.buildMessage()
          .required(INT64)
          .named(SUBJECT)
          .optional(INT64)
          .as(timestampType(false, TimeUnit.MICROS))
          .named(TIME)
          .required(BINARY)
          .as(stringType())
          .named(CODE)
          .optional(FLOAT)
          .named(NUMBER)
          .optional(BINARY)
          .as(stringType())
          .named(TEXT)
          .optional(BINARY)
          .as(stringType())
          .named(STAY)
          .optional(BINARY)
          .as(stringType())
          .named(UNIT)
          .named("schema");

  static final MessageType CODES =
      Types.buildMessage()
          .required(BINARY)
          .as(stringType())
          .named(CODE)
          .optional(BINARY)
          .as(stringType())
          .named("description")
          .named("schema");

  static final MessageType SUBJECT_SPLITS =
      Types.buildMessage()
          .required(INT64)
          .named(SUBJECT)
          .required(BINARY)
          .as(stringType())
          .named(SPLIT)
          .named("schema");

  static final MessageType BOOLEAN_LABELS =
      Types.buildMessage()
          .required(INT64)
          .named(SUBJECT)
          .required(INT64)
          .as(timestampType(false, TimeUnit.MICROS))
          .named(PREDICTION_TIME)
          .required(BOOLEAN)
          .named(BOOLEAN_LABEL)
          .named("schema");

  static final MessageType INTEGER_LABELS =
      Types.buildMessage()
          .required(INT64)
          .named(SUBJECT)
          .required(INT64)
          .as(timestampType(false, TimeUnit.MICROS))
          .named(PREDICTION_TIME)
          .required(INT64)
          .named(INTEGER_LABEL)
          .named("schema");

  private MedsColumns() {}
}
