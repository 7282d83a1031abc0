package io.tardiff.files;

import static com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.annotations.Internal;

/**
 * Upper bounds on the parts of an input that a reader holds in memory at once.
 *
 * <p>Inputs are untrusted, and a damaged length looks like a hostile one. A reader therefore checks
 * every length that a file declares against its bound before it allocates memory. If the rest of
 * the file can still be read, a part that exceeds its bound becomes a dead letter; otherwise the
 * read fails with an error that names the file and the bound. Readers within these bounds run in a
 * heap of 256 MiB. The bounds are far above the sizes in real data; the manual's page on limits
 * lists them.
 *
 * <p>The number of rows is not bounded, because rows are streamed.
 */
@Internal
public final class Bounds {
  /** Number of bytes in a mebibyte. */
  public static final int MIB = 1 << 20;

  /** Maximum bytes in a line of a table or recording. The largest archives have lines of 2 MB. */
  public static final int LINE_BYTES = 16 * MIB;

  /** Maximum number of fields in a row of a table. */
  public static final int FIELDS = 100_000;

  /** Maximum characters in the header line of a table. */
  public static final int HEADER_CHARS = MIB;

  /**
   * Maximum ratio of decompressed to compressed bytes. Tables and resources reach 50; decompression
   * bombs reach 1,000.
   */
  public static final int UNPACK_RATIO = 250;

  /** Number of decompressed bytes below which {@link #UNPACK_RATIO} is not enforced. */
  public static final long UNPACK_FREE_BYTES = 64L * MIB;

  /** Default maximum size, in MiB, of a FHIR resource or bundle, or of the file of a subject. */
  public static final int RECORD_MIB = 16;

  /** Maximum value, in MiB, of the option that overrides {@link #RECORD_MIB}. */
  public static final int RECORD_MIB_LIMIT = 1024;

  /** Maximum bytes in a file of the PhysioNet 2012 challenge. The largest has 300 kB. */
  public static final int CHALLENGE_FILE_BYTES = 4 * MIB;

  /** Maximum objects, arrays and scalars in a resource, per MiB of its maximum size. */
  public static final int JSON_VALUES_PER_MIB = 1 << 16;

  /** Maximum nesting depth of JSON. */
  public static final int JSON_DEPTH = 200;

  /** Maximum characters in a number. */
  public static final int NUMBER_CHARS = 1000;

  /** Maximum samples in one FHIR SampledData: one minute at 1.6 kHz. */
  public static final int SAMPLED_DATA_VALUES = 100_000;

  /** Maximum bytes in a JSON file that this library writes, such as {@code cohort.json}. */
  public static final int ARTEFACT_JSON_BYTES = 16 * MIB;

  /** Maximum bytes in a YAML file: concepts, tasks, mappings. */
  public static final int YAML_BYTES = MIB;

  /** Maximum nesting depth of YAML. */
  public static final int YAML_DEPTH = 50;

  /** Maximum bytes in an NPY header. NumPy rejects headers of more than 10,000 bytes. */
  public static final int NPY_HEADER_BYTES = 1 << 16;

  /** Maximum dimensions of an NPY array. */
  public static final int NPY_DIMENSIONS = 32;

  /** Maximum values in one recording: one minute of 64 channels at 1 kHz. */
  public static final int RECORDING_VALUES = 1 << 22;

  /** Maximum channels in one recording. */
  public static final int RECORDING_CHANNELS = 10_000;

  /** Maximum bytes in the footer of a Parquet file. */
  public static final int PARQUET_FOOTER_BYTES = 64 * MIB;

  /** Maximum items in all lists of a Parquet footer together: about 150,000 column chunks. */
  public static final int PARQUET_FOOTER_ITEMS = 1 << 20;

  /** Maximum nesting depth of the structures in a Parquet footer. The format reaches 10. */
  public static final int PARQUET_FOOTER_DEPTH = 32;

  /** Maximum bytes in an uncompressed Parquet page. Typical: 1 MiB; some writers: 100 MB. */
  public static final int PARQUET_PAGE_BYTES = 128 * MIB;

  /** Maximum rows in a Parquet row group. Writers produce up to 64 Mi. */
  public static final long PARQUET_ROW_GROUP_ROWS = 100_000_000;

  /**
   * Maximum bytes in the compressed columns that are read of a Parquet row group. Writers produce
   * row groups of 128 MiB.
   */
  public static final long PARQUET_ROW_GROUP_BYTES = 1024L * MIB;

  /** Maximum bytes in the header of an Avro file. */
  public static final int AVRO_HEADER_BYTES = 4 * MIB;

  /** Maximum bytes in an Avro block, both compressed and decompressed. Typical: 64 KiB. */
  public static final int AVRO_BLOCK_BYTES = 32 * MIB;

  /** Maximum items in one block of an Avro array or map. */
  public static final int AVRO_ITEMS = 1_000_000;

  private Bounds() {}

  /**
   * Returns {@code megabytes} if it is a valid maximum size of a record.
   *
   * @throws IllegalArgumentException if it is not from 1 to {@value #RECORD_MIB_LIMIT}
   */
  public static int checkRecord(int megabytes) {
    checkArgument(
        megabytes >= 1 && megabytes <= RECORD_MIB_LIMIT,
        "maxRecordMegabytes must be from 1 to %s, was %s",
        RECORD_MIB_LIMIT,
        megabytes);
    return megabytes;
  }
}
