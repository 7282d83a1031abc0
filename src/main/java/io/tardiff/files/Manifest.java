package io.tardiff.files;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingOutputStream;
import com.google.common.io.CountingOutputStream;
import io.tardiff.progress.Printable;
import io.tardiff.settings.Labelled;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;

/**
 * The manifest of a finished artefact: lists the files in its directory and the artefacts it was
 * made from. Stored as {@value #FILE}.
 *
 * <pre>{@code
 * {
 *   "format" : 1,
 *   "kind" : "model",
 *   "made_from" : [ { "kind" : "cohort", "sha256" : "9f86d0..." } ],
 *   "files" : [ { "file" : "denoiser.avro", "bytes" : 613240, "sha256" : "60303a..." }, ... ]
 * }
 * }</pre>
 *
 * <p>A step writes its manifest last and atomically, so a directory that has one is complete. It
 * contains no times or paths, so the same inputs and seed give the same manifest, and the SHA-256
 * of the manifest identifies the artefact. {@code made_from} lists the manifests of all artefacts
 * that this one was made from, directly or indirectly. {@link ArtefactDirectory} checks a directory
 * against its manifest.
 *
 * @param format {@link #FORMAT}
 * @param madeFrom all direct and indirect sources, in no particular order
 * @param files the files, each name once
 */
@Internal
public record Manifest(
    int format,
    @JsonProperty(required = true) Kind kind,
    @JsonProperty(required = true) List<Source> madeFrom,
    @JsonProperty(required = true) List<Entry> files)
    implements Serializable {

  /** Name of the manifest file in its directory. */
  public static final String FILE = "manifest.json";

  static final int FORMAT = 1;

  /** Matches file names and relative paths that cannot escape the directory. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * The kind of an artefact. The patterns match its data files; a matching file that the manifest
   * does not list is rejected.
   */
  public enum Kind implements Labelled {
    COHORT("cohort.json", "train-*.avro", "tuning-*.avro", "held_out-*.avro"),
    MODEL("model.json", "denoiser.avro", "classifier-*.avro", "guidance-*.avro"),
    SYNTHETIC_SET("set.json", "moments.json", "samples-*.avro", "ledger-*.avro"),
    EVALUATION("metrics.json"),
    /** A trained network in the directory of an unfinished model, or a checkpoint. */
    MODEL_PART("");

    private final String main;
    private final List<String> patterns;

    Kind(String main, String... patterns) {
      this.main = main;
      this.patterns = List.of(patterns);
    }

    /** Returns the name of the file that describes the artefact. */
    public String main() {
      return main;
    }

    List<String> patterns() {
      return patterns;
    }

    @Override
    @JsonValue
    public String label() {
      return Labelled.super.label();
    }

    @JsonCreator
    static Kind of(String label) {
      return Labelled.of(Kind.class, "kind", label);
    }

    /** Returns the kind as it appears in messages, such as "synthetic set". */
    @Override
    public String toString() {
      return label().replace('_', ' ');
    }
  }

  /** An artefact that another was made from, identified by the SHA-256 of its manifest. */
  public record Source(
      @JsonProperty(required = true) Kind kind, @JsonProperty(required = true) String sha256)
      implements Serializable {
    public Source {
      checkSha256(sha256);
      checkArgument(kind != null, "field kind is missing");
    }
  }

  /** A file: its name relative to the directory, its size and its SHA-256. */
  public record Entry(
      @JsonProperty(required = true) String file,
      long bytes,
      @JsonProperty(required = true) String sha256)
      implements Serializable {
    public Entry {
      checkName(file);
      checkArgument(bytes >= 0, "field bytes must not be negative, was %s", bytes);
      checkSha256(sha256);
    }

    /**
     * Writes a file like {@link AtomicFile#write} and returns its entry, computed from the bytes
     * written.
     */
    public static Entry write(String path, AtomicFile.Content content) throws IOException {
      return write(path, AtomicFile.name(path), content);
    }

    /**
     * Like {@link #write(String, AtomicFile.Content)}, for a file in a subdirectory of the
     * manifest's directory.
     *
     * @param name name of the file relative to the manifest's directory
     */
    public static Entry write(String path, String name, AtomicFile.Content content)
        throws IOException {
      List<Entry> written = new ArrayList<>();
      AtomicFile.write(
          path,
          out -> {
            HashingOutputStream hashing = new HashingOutputStream(Hashing.sha256(), out);
            CountingOutputStream counting = new CountingOutputStream(hashing);
            content.writeTo(counting);
            written.add(new Entry(name, counting.getCount(), hashing.hash().toString()));
          });
      return written.get(0);
    }

    /** Writes a UTF-8 text file and returns its entry. */
    public static Entry writeText(String path, String text) throws IOException {
      return write(path, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
  }

  public Manifest {
    checkArgument(kind != null, "field kind is missing");
    madeFrom = List.copyOf(madeFrom);
    files = List.copyOf(files);
    checkArgument(
        files.stream().map(Entry::file).distinct().count() == files.size(),
        "field files must name each file once");
  }

  /** Creates a manifest; the order of the arguments does not matter. */
  public static Manifest of(Kind kind, Collection<Source> madeFrom, Collection<Entry> files) {
    return new Manifest(
        FORMAT,
        kind,
        madeFrom.stream()
            .distinct()
            .sorted(Comparator.comparing(Source::kind).thenComparing(Source::sha256))
            .toList(),
        files.stream().sorted(Comparator.comparing(Entry::file)).toList());
  }

  /** Reads the manifest of a directory; returns empty if there is none. */
  public static Optional<Manifest> read(String directory) {
    return readFile(AtomicFile.resolve(directory, FILE));
  }

  /**
   * Reads a manifest file; returns empty if it does not exist.
   *
   * @throws DamagedFileException if it cannot be parsed
   */
  public static Optional<Manifest> readFile(String path) {
    String text;
    try {
      text = AtomicFile.readText(path);
    } catch (FileNotFoundException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + path + ": " + e.getMessage(), e);
    }
    return Optional.of(parse(path, text));
  }

  /** Parses a {@link #text}; {@code path} is for messages. */
  static Manifest parse(String path, String text) {
    try {
      JsonNode json = Json.MAPPER.readTree(text);
      int format = Json.integer(json, "format");
      checkArgument(
          format == FORMAT,
          "field format must be %s, was %s (of another version?)",
          FORMAT,
          format);
      return Json.record(json, Manifest.class);
    } catch (JsonProcessingException e) {
      throw DamagedFileException.damaged(path, "it is not JSON", e);
    } catch (IllegalArgumentException e) {
      throw DamagedFileException.damaged(path, e.getMessage(), e);
    }
  }

  /**
   * Writes the manifest to a directory. Call this after all other files are written.
   *
   * @throws IllegalStateException if the directory holds an artefact of another kind
   */
  public void write(String directory) throws IOException {
    String path = AtomicFile.resolve(directory, FILE);
    Optional<Manifest> existing = Optional.empty();
    try {
      existing = readFile(path);
    } catch (DamagedFileException e) {
      // Replaced below.
    }
    if (existing.isPresent() && existing.get().kind() != kind) {
      throw new IllegalStateException(
          String.format(
              "%s already holds a %s: write the %s to another directory",
              directory, existing.get().kind(), kind));
    }
    AtomicFile.writeText(path, text());
  }

  /** Returns the content of the manifest file. */
  public String text() {
    return Json.pretty(this) + "\n";
  }

  /** Returns the reference to this artefact for the manifests of artefacts made from it. */
  public Source source() {
    return new Source(kind, Hashing.sha256().hashString(text(), StandardCharsets.UTF_8).toString());
  }

  /** Returns this artefact and everything it was made from. */
  public List<Source> lineage() {
    List<Source> all = new ArrayList<>(madeFrom);
    all.add(source());
    return all;
  }

  /** Returns a copy with the entry of a rewritten file replaced. */
  public Manifest with(Entry replaced) {
    List<Entry> all = new ArrayList<>(files);
    all.removeIf(entry -> entry.file().equals(replaced.file()));
    all.add(replaced);
    return of(kind, madeFrom, all);
  }

  Optional<Entry> find(String file) {
    return files.stream().filter(entry -> entry.file().equals(file)).findFirst();
  }

  /**
   * Checks that a file name read from an artefact stays within its directory.
   *
   * @throws IllegalArgumentException if it does not; the message shows the name
   */
  static void checkName(String file) {
    checkArgument(file != null, "field file is missing");
    checkArgument(
        NAME.matcher(file).matches(),
        "it names the file %s, which is not in its directory",
        Printable.of(file));
  }

  private static void checkSha256(String sha256) {
    checkArgument(
        sha256 != null && SHA_256.matcher(sha256).matches(),
        "field sha256 must be 64 hexadecimal digits");
  }
}
