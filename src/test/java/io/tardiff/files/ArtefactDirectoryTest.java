package io.tardiff.files;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ArtefactDirectoryTest {
  private static final String LARGE = "samples-00000-of-00001.avro";

  @TempDir Path directory;

  private Path large;
  private byte[] bytes;

  @BeforeEach
  void write() throws IOException {
    large = directory.resolve(LARGE);
    bytes = new byte[ArtefactDirectory.SMALL + 12_345];
    new Random(1).nextBytes(bytes);
    ArtefactDirectory.finish(
        directory.toString(),
        Manifest.Kind.SYNTHETIC_SET,
        List.of(),
        List.of(
            Manifest.Entry.write(large.toString(), out -> out.write(bytes)),
            Manifest.Entry.writeText(directory.resolve("set.json").toString(), "{}")));
  }

  private ArtefactDirectory open() throws IOException {
    return ArtefactDirectory.open(directory.toString(), Manifest.Kind.SYNTHETIC_SET);
  }

  private void flip() throws IOException {
    byte[] flipped = bytes.clone();
    flipped[flipped.length - 1] ^= 1;
    Files.write(large, flipped);
  }

  @Test
  void largeFileIsReadBack() throws IOException {
    try (InputStream in = open().open(LARGE)) {
      assertThat(in.readAllBytes(), is(bytes));
    }
    open().verify();
  }

  @Test
  void largeFileIsCheckedAtItsEnd() throws IOException {
    flip();
    try (InputStream in = open().open(LARGE)) {
      assertThat(in.readNBytes(1000).length, is(1000));
      assertThat(
          assertThrows(DamagedFileException.class, in::readAllBytes).getMessage(),
          containsString(large + " is damaged: its SHA-256 does not match manifest.json"));
    }
    assertThrows(DamagedFileException.class, () -> open().verify());
  }

  /** The part that was read may have been used. */
  @Test
  void largeFileClosedEarlyIsChecked() throws IOException {
    flip();
    InputStream in = open().open(LARGE);
    assertThat(in.read(), greaterThan(-1));
    assertThrows(DamagedFileException.class, in::close);
  }

  @Test
  void unlistedFileIsNotOpened() throws IOException {
    Files.writeString(directory.resolve("other.json"), "{}");
    assertThat(
        assertThrows(DamagedFileException.class, () -> open().text("other.json")).getMessage(),
        containsString("manifest.json is damaged: it does not list other.json"));
  }

  @Test
  void directoryHoldsOneArtefactOnly() {
    assertThat(
        assertThrows(
                IllegalStateException.class,
                () ->
                    ArtefactDirectory.finish(
                        directory.toString(), Manifest.Kind.MODEL, List.of(), List.of()))
            .getMessage(),
        containsString("already holds a synthetic set: write the model to another directory"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../a",
        "a/../../b",
        "/etc/passwd",
        "gs://b/a",
        "a//b",
        ".hidden",
        "a/.",
        "a\u001b[2J",
        "a b",
        "*.avro",
        "",
        "a/"
      })
  void nameOutsideTheDirectoryIsRejected(String name) {
    String message =
        assertThrows(
                IllegalArgumentException.class, () -> new Manifest.Entry(name, 1, "0".repeat(64)))
            .getMessage();
    assertThat(message, containsString("which is not in its directory"));
    assertThat(message.chars().noneMatch(Character::isISOControl), is(true));
  }

  @Test
  void manifestDoesNotDependOnTheOrderOfFiles() {
    Manifest.Entry a = new Manifest.Entry("a", 1, "0".repeat(64));
    Manifest.Entry b = new Manifest.Entry("synthetic/b", 2, "1".repeat(64));
    Manifest.Source from = new Manifest.Source(Manifest.Kind.MODEL, "2".repeat(64));
    Manifest.Source cohort = new Manifest.Source(Manifest.Kind.COHORT, "3".repeat(64));
    Manifest one =
        Manifest.of(Manifest.Kind.SYNTHETIC_SET, List.of(from, cohort, from), List.of(b, a));
    Manifest other = Manifest.of(Manifest.Kind.SYNTHETIC_SET, List.of(cohort, from), List.of(a, b));

    assertThat(one.text(), is(other.text()));
    assertThat(one.source(), is(other.source()));
    assertThat(Manifest.parse("manifest.json", one.text()), is(one));
    assertThat(one.text(), containsString("\"kind\" : \"synthetic_set\""));
  }
}
