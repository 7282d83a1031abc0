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
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.beam.sdk.annotations.Internal;

/**
 * What a directory of a finished artefact holds, and what it was made from: {@value #FILE}.
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
 * <p>It is the last file that the step writes, atomically: a directory with a manifest is complete.
 * It holds no time and no path, so the same inputs and seed give the same manifest, and its own
 * SHA-256 names the artefact. {@code made_from} has those of all that the artefact was made from,
 * directly or not. {@link ArtefactDirectory} checks a directory by it.
 *
 * @param format {@link #FORMAT}
 * @param madeFrom by kind and hash, without order
 * @param files by name
 */
@Internal
public record Manifest(
    int format,
    @JsonProperty(required = true) Kind kind,
    @JsonProperty(required = true) List<Source> madeFrom,
    @JsonProperty(required = true) List<Entry> files)
    implements Serializable {

  /** Its name in the directory. */
  public static final String FILE = "manifest.json";

  static final int FORMAT = 1;

  /** Plain names, or names in directories beneath: nothing that leads elsewhere. */
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*");

  private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");

  /**
   * What a directory holds. The patterns are the names of its large files: one of them that is not
   * in the manifest does not belong there.
   */
  public enum Kind {
    COHORT("cohort.json", "train-*.avro", "tuning-*.avro", "held_out-*.avro"),
    MODEL("model.json", "denoiser.avro", "classifier-*.avro", "guidance-*.avro"),
    SYNTHETIC_SET("set.json", "samples-*.avro", "ledger-*.avro"),
    EVALUATION("metrics.json"),
    /** A trained network in the directory of a model that is not finished, or a checkpoint. */
    MODEL_PART("");

    private final String main;
    private final List<String> patterns;

    Kind(String main, String... patterns) {
      this.main = main;
      this.patterns = List.of(patterns);
    }

    /** The file that describes the artefact. */
    public String main() {
      return main;
    }

    List<String> patterns() {
      return patterns;
    }

    @JsonValue
    String label() {
      return name().toLowerCase(Locale.ROOT);
    }

    @JsonCreator
    static Kind of(String label) {
      for (Kind kind : values()) {
        if (kind.label().equals(label)) {
          return kind;
        }
      }
      throw new IllegalArgumentException("field kind must be a known one, was " + printable(label));
    }

    /** In words. */
    @Override
    public String toString() {
      return label().replace('_', ' ');
    }
  }

  /** An artefact that another was made from, by the SHA-256 of its manifest. */
  public record Source(
      @JsonProperty(required = true) Kind kind, @JsonProperty(required = true) String sha256)
      implements Serializable {
    public Source {
      checkSha256(sha256);
      checkArgument(kind != null, "field kind is missing");
    }
  }

  /** A file: its name in the directory, size and SHA-256. */
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
     * Writes a file as {@link AtomicFile#write} does; its entry, of the bytes that were written.
     */
    public static Entry write(String path, AtomicFile.Content content) throws IOException {
      return write(path, AtomicFile.name(path), content);
    }

    /**
     * Writes a file beneath the directory of the manifest.
     *
     * @param name of the file, from that directory
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

    /** Writes a text file; its entry. */
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

  /** The manifest of these files, in any order. */
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

  /** The manifest in a directory, if there is one. */
  public static Optional<Manifest> read(String directory) {
    return readFile(AtomicFile.resolve(directory, FILE));
  }

  /**
   * The manifest in a file, if that is there.
   *
   * @throws DamagedFileException where it cannot be understood
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

  /** The manifest with that {@link #text}. */
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
   * Writes it to a directory, as the last of its files.
   *
   * @throws IllegalStateException where the directory holds an artefact of another kind
   */
  public void write(String directory) throws IOException {
    String path = AtomicFile.resolve(directory, FILE);
    Optional<Manifest> there = Optional.empty();
    try {
      there = readFile(path);
    } catch (DamagedFileException e) {
      // It is replaced by one that is whole.
    }
    if (there.isPresent() && there.get().kind() != kind) {
      throw new IllegalStateException(
          String.format(
              "%s already holds a %s: write the %s to a directory of its own",
              directory, there.get().kind(), kind));
    }
    AtomicFile.writeText(path, text());
  }

  /** The content of its file. */
  public String text() {
    return Json.pretty(this) + "\n";
  }

  /** How what is made from the artefact names it. */
  public Source source() {
    return new Source(kind, Hashing.sha256().hashString(text(), StandardCharsets.UTF_8).toString());
  }

  /** The artefact and all that it was made from. */
  public List<Source> lineage() {
    List<Source> all = new ArrayList<>(madeFrom);
    all.add(source());
    return all;
  }

  /** The same with one file replaced, which was written again. */
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
   * Checks that a name from a file is one of a file within its directory.
   *
   * @throws IllegalArgumentException naming it where it leads elsewhere
   */
  static void checkName(String file) {
    checkArgument(file != null, "field file is missing");
    checkArgument(
        NAME.matcher(file).matches(),
        "it names the file %s, which is not in its directory",
        printable(file));
  }

  private static void checkSha256(String sha256) {
    checkArgument(
        sha256 != null && SHA_256.matcher(sha256).matches(),
        "field sha256 must be 64 hexadecimal digits");
  }

  /** What a file says may hold characters that move a terminal's cursor. */
  private static String printable(String text) {
    return text.replaceAll("[\\p{Cntrl}]", "?");
  }
}
