package io.tardiff.files.npy;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.google.common.io.BaseEncoding;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

public class NpyTest {
  private static final String FLOATS =
      "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }";

  /** The last column holds the bytes that NumPy wrote. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "<f2 ; 1.5 -2 65504 5.960464477539063E-8 Infinity NaN ; AD4AwP97AQAAfAB+",
        "<f4 ; 0 1 2 ; AAAAAAAAgD8AAABA",
        ">f8 ; 0.5 -1e300 ; P+AAAAAAAAD+N+Q8iAB1nA==",
        "<i8 ; 0 1 2 9007199254740992 ; AAAAAAAAAAABAAAAAAAAAAIAAAAAAAAAAQAAAAAAIAA=",
        "|u1 ; 0 255 ; AP8=",
        "<u8 ; 9223372036854775808 ; AQAAAAAAAIA=",
        "|b1 ; 1 0 ; AQA=",
        ">i2 ; -2 258 ; //4BAg==",
        "<u2 ; 65534 ; /v8=",
        "<u4 ; 4294967295 ; /////w==",
        "|i1 ; -1 ; /w==",
        "<i4 ; -2 ; /v///w=="
      })
  void readsTheTypesOfNumPy(String type, String expected, String data) throws Exception {
    double[] values = Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    String header =
        "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + values.length + ",), }";
    double[] read = new double[values.length];
    try (Npy.Reader reader = reader(file(1, header, BaseEncoding.base64().decode(data)))) {
      assertThat(reader.read(read), is(true));
      assertThat(reader.remaining(), is(0L));
      assertThat(reader.read(new double[1]), is(false));
    }
    assertThat(read, is(values));
  }

  @ParameterizedTest
  @CsvSource({"1", "2", "3"})
  void readsTheVersionsOfTheFormat(int version) throws Exception {
    try (Npy.Reader reader = reader(file(version, FLOATS, new byte[24]))) {
      assertThat(reader.rank(), is(2));
      assertThat(reader.dimension(1), is(3L));
      assertThat(reader.read(new float[6]), is(true));
    }
  }

  @Test
  void keysMayComeInAnyOrderAndPythonTwoMarksLongs() throws Exception {
    String header = "{\"shape\": (2L,), \"fortran_order\": True, \"descr\": \"<f4\"}\n";
    try (Npy.Reader reader = reader(file(1, header, new byte[8]))) {
      assertThat(reader.dimension(0), is(2L));
    }
  }

  @Test
  void truncatedFileGivesItsCompleteRows() throws Exception {
    try (Npy.Reader reader = reader(file(1, FLOATS, new byte[23]))) {
      assertThat(reader.read(new float[3]), is(true));
      assertThat(reader.read(new float[3]), is(false));
      assertThat(reader.remaining(), is(3L));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 3), }; Fortran order",
        "{'descr': '|O', 'fortran_order': False, 'shape': (2,), }; not numbers of a known type",
        "{'descr': '<c8', 'fortran_order': False, 'shape': (2,), }; not numbers of a known type",
        "{'descr': '<U3', 'fortran_order': False, 'shape': (2,), }; not numbers of a known type",
        "{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2,), }; not numbers",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (9223372036854775807, 2), }; too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,), }; too large",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }; malformed",
        "{'descr': '<f4', 'fortran_order': False, }; malformed",
        "{'descr': '<f4', 'fortran_order': 0, 'shape': (2,), }; malformed",
        "{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (2,), }; malformed",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), 'more': 1}; malformed",
        "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), } __import__; malformed",
        "{'descr': '<f4; malformed",
      })
  void rejectsUnsupportedArrays(String header, String reason) {
    NpyFormatException e =
        assertThrows(NpyFormatException.class, () -> reader(file(1, header, new byte[100])));
    assertThat(e.getMessage(), containsString(reason));
  }

  @Test
  void rejectsOtherFiles() {
    assertThat(
        assertThrows(NpyFormatException.class, () -> reader("PK34 and so on".getBytes(UTF)))
            .getMessage(),
        is("file is not an .npy array"));
    assertThat(
        assertThrows(NpyFormatException.class, () -> reader(new byte[0])).getMessage(),
        is("file ends within its header"));
    assertThat(
        assertThrows(NpyFormatException.class, () -> reader(file(4, FLOATS, new byte[24])))
            .getMessage(),
        is("version of the .npy format is unknown"));
  }

  @Test
  void doesNotAllocateByTheDeclaredHeaderLength() {
    byte[] claim = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 2, 0, -1, -1, -1, 0x7f};

    assertThat(
        assertThrows(NpyFormatException.class, () -> reader(claim)).getMessage(),
        is("header of the array is too large"));
  }

  @Test
  void writesTheBytesOfNumPy() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Npy.Writer writer = Npy.writer(out, Npy.Type.FLOAT32, 1, 2, 3)) {
      writer.write(new float[] {0, 1, 2, 3, 4, 5});
    }
    byte[] bytes = out.toByteArray();

    String header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2, 3), }";
    assertThat(
        new String(bytes, 10, 118, StandardCharsets.US_ASCII),
        is(header + " ".repeat(117 - header.length()) + "\n"));
    assertThat(
        Arrays.copyOf(bytes, 10),
        is(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, 118, 0}));
    assertThat(bytes.length, is(128 + 24));
  }

  @Test
  void readsWhatItWrites() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    // Larger than the buffer.
    try (Npy.Writer writer = Npy.writer(out, Npy.Type.INT64, 20_000)) {
      for (long i = 0; i < 20_000; i++) {
        writer.write(new long[] {i * i});
      }
    }
    try (Npy.Reader reader = reader(out.toByteArray())) {
      assertThat(reader.rank(), is(1));
      double[] values = new double[20_000];
      assertThat(reader.read(values), is(true));
      assertThat(values[19_999], equalTo(19_999.0 * 19_999.0));
    }
  }

  @Test
  void writerChecksItsShape() throws Exception {
    Npy.Writer writer = Npy.writer(new ByteArrayOutputStream(), Npy.Type.FLOAT64, 2, 3);
    writer.write(new double[3]);
    assertThrows(IllegalArgumentException.class, () -> writer.write(new double[2]));
    assertThat(
        assertThrows(EOFException.class, writer::close).getMessage(),
        is("array must have 2 rows, has 1"));

    Npy.Writer full = Npy.writer(new ByteArrayOutputStream(), Npy.Type.FLOAT64, 0);
    assertThrows(IllegalStateException.class, () -> full.write(new double[1]));
  }

  private static final java.nio.charset.Charset UTF = StandardCharsets.UTF_8;

  private static Npy.Reader reader(byte[] file) throws Exception {
    return Npy.reader(new ByteArrayInputStream(file));
  }

  public static byte[] file(int version, String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.ISO_8859_1);
    ByteBuffer file =
        ByteBuffer.allocate(12 + text.length + data.length)
            .order(ByteOrder.LITTLE_ENDIAN)
            .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', (byte) version, 0});
    if (version == 1) {
      file.putShort((short) text.length);
    } else {
      file.putInt(text.length);
    }
    file.put(text).put(data);
    return Arrays.copyOf(file.array(), file.position());
  }
}
