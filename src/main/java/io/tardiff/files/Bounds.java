package io.tardiff.files;

import static com.google.common.base.Preconditions.checkArgument;

import org.apache.beam.sdk.annotations.Internal;

/**
 * How large the parts of an input may be that have to be in memory at once.
 *
 * <p>Anyone may have written an input, and a damaged length looks like a hostile one. So no reader
 * allocates what a file claims before it is compared with the bound here, and what is beyond it is
 * a dead letter where the rest can be read, and an error that names the file and the bound where it
 * cannot. All of them together fit into a heap of 256 MiB. They are far above what real data has;
 * the page on limits lists them.
 *
 * <p>How many rows a file has is not bounded: rows are streamed.
 */
@Internal
public final class Bounds {
  /** Bytes in a mebibyte. */
  public static final int MIB = 1 << 20;

  /** Bytes of a line of a table or of a recording; the largest archives have 2 MB a line. */
  public static final int LINE_BYTES = 16 * MIB;

  /** Fields of a line of a table. */
  public static final int FIELDS = 100_000;

  /** Characters of the header of a table. */
  public static final int HEADER_CHARS = MIB;

  /**
   * Unpacked bytes per compressed one. Tables and resources have up to 50, an archive made to fill
   * a disk has 1,000.
   */
  public static final int UNPACK_RATIO = 250;

  /** Unpacked bytes up to which the ratio does not matter. */
  public static final long UNPACK_FREE_BYTES = 64L * MIB;

  /** MiB of a record that is read whole: a FHIR resource or bundle, the file of one subject. */
  public static final int RECORD_MIB = 16;

  /** Largest value for the option that raises {@link #RECORD_MIB}. */
  public static final int RECORD_MIB_LIMIT = 1024;

  /** Bytes of a file of the PhysioNet 2012 challenge; the largest has 300 kB. */
  public static final int CHALLENGE_FILE_BYTES = 4 * MIB;

  /** Objects, arrays and values of a resource, per MiB that it may have. */
  public static final int JSON_VALUES_PER_MIB = 1 << 16;

  /** Objects and arrays within each other. */
  public static final int JSON_DEPTH = 200;

  /** Characters of a number. */
  public static final int NUMBER_CHARS = 1000;

  /** Samples of one FHIR SampledData: a minute at 1.6 kHz. */
  public static final int SAMPLED_DATA_VALUES = 100_000;

  /** Bytes of a JSON file that this library writes: cohort, model, metrics, run. */
  public static final int ARTEFACT_JSON_BYTES = 16 * MIB;

  /** Bytes of a YAML file: concepts, tasks, mappings. */
  public static final int YAML_BYTES = MIB;

  /** Maps and lists of a YAML file within each other. */
  public static final int YAML_DEPTH = 50;

  /** Bytes of the header of an NPY array; NumPy itself refuses more than 10,000. */
  public static final int NPY_HEADER_BYTES = 1 << 16;

  /** Dimensions of an NPY array. */
  public static final int NPY_DIMENSIONS = 32;

  /** Values of one recording: a minute at 1000 Hz of 64 channels. */
  public static final int RECORDING_VALUES = 1 << 22;

  /** Channels of one recording. */
  public static final int RECORDING_CHANNELS = 10_000;

  /** Bytes of the footer of a Parquet file. */
  public static final int PARQUET_FOOTER_BYTES = 64 * MIB;

  /** Bytes of an uncompressed page of Parquet; writers make pages of 1 MiB, some of 100 MB. */
  public static final int PARQUET_PAGE_BYTES = 128 * MIB;

  /** Rows of a row group; writers make up to 64 Mi. */
  public static final long PARQUET_ROW_GROUP_ROWS = 100_000_000;

  /** Bytes of the compressed columns of a row group that are asked for; writers make 128 MiB. */
  public static final long PARQUET_ROW_GROUP_BYTES = 1024L * MIB;

  /** Bytes of the metadata in the header of an Avro file. */
  public static final int AVRO_HEADER_BYTES = 4 * MIB;

  /** Bytes of a block of Avro, compressed and not; writers make blocks of 64 KiB. */
  public static final int AVRO_BLOCK_BYTES = 32 * MIB;

  /** Items of one array or map of Avro. */
  public static final int AVRO_ITEMS = 1_000_000;

  private Bounds() {}

  /** Checks what a user says a record may have. */
  public static int checkRecord(int megabytes) {
    checkArgument(
        megabytes >= 1 && megabytes <= RECORD_MIB_LIMIT,
        "maxRecordMegabytes must be from 1 to %s, was %s",
        RECORD_MIB_LIMIT,
        megabytes);
    return megabytes;
  }
}
