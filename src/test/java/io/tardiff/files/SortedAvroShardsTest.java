package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.arrayContaining;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.instanceOf;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.options.PipelineOptionsFactory;
import org.apache.beam.sdk.transforms.Create;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SortedAvroShardsTest {
  private static final String SCHEMA =
      "{\"type\":\"record\",\"name\":\"Number\",\"fields\":[{\"name\":\"n\",\"type\":\"long\"}]}";

  @TempDir Path directory;

  @Test
  void recordsComeBackSortedAndComplete() {
    write(directory, LongStream.range(0, 100).boxed().toList(), 3);

    List<Long> all = new ArrayList<>();
    for (Path file : files(directory)) {
      List<Long> numbers = read(file);
      List<Long> sorted = numbers.stream().sorted().toList();
      assertThat(numbers, equalTo(sorted));
      all.addAll(numbers);
    }
    Collections.sort(all);
    assertThat(all, equalTo(LongStream.range(0, 100).boxed().toList()));
    assertThat(
        files(directory).stream().map(f -> f.getFileName().toString()).toArray(String[]::new),
        arrayContaining("n-00000-of-00003.avro", "n-00001-of-00003.avro", "n-00002-of-00003.avro"));
  }

  @Test
  void bytesDependOnlyOnTheRecords() throws Exception {
    List<Long> numbers = new ArrayList<>(LongStream.range(0, 500).boxed().toList());
    write(directory.resolve("a"), numbers, 4);
    Collections.shuffle(numbers, new Random(1));
    write(directory.resolve("b"), numbers, 4);
    // Overwrite the existing files, like a bundle that runs twice.
    write(directory.resolve("b"), numbers, 4);

    assertThat(bytes(directory.resolve("b")), equalTo(bytes(directory.resolve("a"))));
    assertThat(files(directory.resolve("b")), hasSize(4));
  }

  @Test
  void prefixMayDependOnTheRecord() {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline
        .apply(Create.of(1L, 2L, 3L))
        .apply(numbers(directory, 1).withPrefix(n -> n % 2 == 0 ? "even" : "odd"));
    pipeline.run().waitUntilFinish();

    assertThat(read(directory.resolve("odd-00000-of-00001.avro")), contains(1L, 3L));
    assertThat(read(directory.resolve("even-00000-of-00001.avro")), contains(2L));
  }

  @Test
  void truncatedFileIsNamed() throws Exception {
    write(directory, LongStream.range(0, 1000).boxed().toList(), 1);
    Path file = files(directory).get(0);
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length - 20));

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(file));

    assertThat(
        e.getMessage(), allOf(containsString(file.toString()), containsString("not a complete")));
  }

  @Test
  void fileCutBetweenTwoBlocksIsNamed() throws Exception {
    // About 64,000 bytes a block: the first ends at its sync marker.
    write(directory, LongStream.range(0, 60_000).boxed().toList(), 1);
    Path file = files(directory).get(0);
    byte[] whole = Files.readAllBytes(file);
    byte[] sync = Arrays.copyOfRange(whole, whole.length - 16, whole.length);
    int header = com.google.common.primitives.Bytes.indexOf(whole, sync) + 16;
    byte[] rest = Arrays.copyOfRange(whole, header, whole.length);
    int block = com.google.common.primitives.Bytes.indexOf(rest, sync) + 16;
    assertThat(header + block < whole.length, is(true));
    Files.write(file, Arrays.copyOf(whole, header + block));

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(file));

    assertThat(
        e.getMessage(), allOf(containsString(file.toString()), containsString("truncated after")));
  }

  @Test
  void corruptFileIsNamed() throws Exception {
    Path file = directory.resolve("bad.avro");
    Files.writeString(file, "this is no Avro file");

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(file));

    assertThat(e.getMessage(), containsString(file.toString()));
  }

  @Test
  void corruptBlockIsNamed() throws Exception {
    write(directory, LongStream.range(0, 1000).boxed().toList(), 1);
    Path file = files(directory).get(0);
    byte[] bytes = Files.readAllBytes(file);
    Arrays.fill(bytes, bytes.length - 16, bytes.length, (byte) 0);
    Files.write(file, bytes);

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(file));

    assertThat(e.getMessage(), containsString(file.toString()));
  }

  @Test
  void missingFileIsNamed() {
    Path file = directory.resolve("none.avro");

    UncheckedIOException e = assertThrows(UncheckedIOException.class, () -> read(file));

    assertThat(e.getMessage(), is("no such file: " + file));
  }

  @Test
  void failureToOpenIsNotDamage() {
    write(directory, List.of(1L, 2L), 1);
    String path = FaultyFileSystem.SCHEME + "://" + files(directory).get(0);
    FaultyFileSystem.arm(FaultyFileSystem.Fault.FAIL, 1);
    try {
      UncheckedIOException failure =
          assertThrows(UncheckedIOException.class, () -> SortedAvroShards.read(path));
      assertThat(failure, is(not(instanceOf(DamagedFileException.class))));
      assertThat(failure.getMessage(), startsWith("cannot read " + path + ": "));
    } finally {
      FaultyFileSystem.disarm();
    }
  }

  @Test
  void numShardsIsChecked() {
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> numbers(directory, 0));

    assertThat(e.getMessage(), is("numShards must be from 1 to 99999, was 0"));
  }

  @Test
  void idsSortAsTheirNumbers() {
    List<String> ids =
        Stream.of(0L, 9L, 10L, 99L, 1000L, Long.MAX_VALUE).map(SortedAvroShards::id).toList();

    assertThat(ids.stream().sorted().toList(), equalTo(ids));
  }

  private static SortedAvroShards.Write<Long> numbers(Path directory, int numShards) {
    return SortedAvroShards.<Long>write(directory.toString(), SCHEMA)
        .withPrefix("n")
        .withNumShards(numShards)
        .withId(SortedAvroShards::id)
        .withFormat(SortedAvroShardsTest::record);
  }

  private static GenericRecord record(long number) {
    GenericRecord record = new GenericData.Record(new Schema.Parser().parse(SCHEMA));
    record.put("n", number);
    return record;
  }

  private static void write(Path directory, List<Long> numbers, int numShards) {
    Pipeline pipeline = Pipeline.create(PipelineOptionsFactory.create());
    pipeline.apply(Create.of(numbers)).apply(numbers(directory, numShards));
    pipeline.run().waitUntilFinish();
  }

  private static List<Long> read(Path file) {
    return drain(SortedAvroShards.read(file.toString()));
  }

  private static List<Long> drain(CloseableIterator<GenericRecord> records) {
    List<Long> numbers = new ArrayList<>();
    try (records) {
      records.forEachRemaining(record -> numbers.add((Long) record.get("n")));
    }
    return numbers;
  }

  private static List<Path> files(Path directory) {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    } catch (java.io.IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, String> bytes(Path directory) throws Exception {
    Map<String, String> contents = new TreeMap<>();
    for (Path file : files(directory)) {
      contents.put(
          file.getFileName().toString(),
          com.google.common.io.BaseEncoding.base16().encode(Files.readAllBytes(file)));
    }
    return contents;
  }
}
