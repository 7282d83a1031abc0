package io.tardiff.files;

import com.google.common.base.CharMatcher;
import com.google.common.hash.Hashing;
import com.google.common.hash.HashingInputStream;
import com.google.common.io.ByteStreams;
import io.tardiff.files.Manifest.Entry;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a finished artefact. Checks every file read through it against the {@link
 * Manifest}.
 *
 * <p>{@link #open} compares names and sizes with the manifest. Content is hashed as it is read, so
 * a file cannot change between the check and its use. Files of up to {@value #SMALL} bytes are
 * checked before any byte is returned. Larger ones, such as shards of windows, are streamed and
 * checked at their end: a bundle that reads a damaged shard fails, and its output is discarded.
 *
 * <p>A directory without a manifest was written by an earlier version. It is read with a warning,
 * and only the checks that need no manifest apply.
 */
@Internal
public final class ArtefactDirectory implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ArtefactDirectory.class);

  /** Largest file, in bytes, that is held in memory to be checked before it is parsed. */
  static final int SMALL = 4 << 20;

  private static final CharMatcher WILDCARDS = CharMatcher.anyOf("*?[]{}");

  private final String path;
  private final Manifest.Kind kind;
  private final @Nullable Manifest manifest;

  private ArtefactDirectory(String path, Manifest.Kind kind, @Nullable Manifest manifest) {
    this.path = path;
    this.kind = kind;
    this.manifest = manifest;
  }

  /**
   * Opens a directory and compares the names and sizes of its files with its manifest.
   *
   * @throws FileNotFoundException if it holds no artefact of that kind
   * @throws DamagedFileException if a file is missing or has another size
   * @throws IllegalStateException if a data file is not listed in the manifest
   */
  public static ArtefactDirectory open(String path, Manifest.Kind kind) throws IOException {
    Optional<Manifest> manifest = Manifest.read(path);
    boolean fits = manifest.isPresent() && manifest.get().kind() == kind;
    if (!fits && !AtomicFile.exists(AtomicFile.resolve(path, kind.main()))) {
      throw new FileNotFoundException(AtomicFile.resolve(path, kind.main()));
    }
    if (!fits && manifest.isPresent()) {
      throw DamagedFileException.damaged(
          AtomicFile.resolve(path, Manifest.FILE),
          "it is the manifest of a " + manifest.get().kind() + ", not of a " + kind);
    }
    if (manifest.isEmpty()) {
      LOG.warn(
          "The {} in {} has no {}, so whether it is complete and unchanged cannot be checked. It"
              + " was written by an earlier version; the next version will not read it.",
          kind,
          path,
          Manifest.FILE);
    }
    ArtefactDirectory directory = of(path, kind, manifest.orElse(null));
    directory.checkListing();
    return directory;
  }

  /** Creates a directory from a known manifest, without reading any file. */
  public static ArtefactDirectory of(String path, Manifest.Kind kind, @Nullable Manifest manifest) {
    return new ArtefactDirectory(path, kind, manifest);
  }

  /** Like {@link #of}, from the {@link Manifest#text} of its manifest; empty if it has none. */
  public static ArtefactDirectory parse(String path, Manifest.Kind kind, String manifest) {
    return of(
        path,
        kind,
        manifest.isEmpty()
            ? null
            : Manifest.parse(AtomicFile.resolve(path, Manifest.FILE), manifest));
  }

  /**
   * Writes the manifest of a directory whose files are all written.
   *
   * @throws IllegalStateException where the directory holds an artefact of another kind
   */
  public static ArtefactDirectory finish(
      String path,
      Manifest.Kind kind,
      Collection<Manifest.Source> madeFrom,
      Collection<Entry> files)
      throws IOException {
    Manifest manifest = Manifest.of(kind, madeFrom, files);
    manifest.write(path);
    return of(path, kind, manifest);
  }

  public String path() {
    return path;
  }

  /** Returns the name of the file that describes the artefact. */
  String main() {
    return kind.main();
  }

  /** Returns the manifest; empty if an earlier version wrote the directory. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /** Returns the {@link Manifest#text} of its manifest; empty if it has none. */
  public String manifestText() {
    return manifest == null ? "" : manifest.text();
  }

  /** Returns the artefact and everything it was made from; empty if there is no manifest. */
  public List<Manifest.Source> lineage() {
    return manifest == null ? List.of() : manifest.lineage();
  }

  /**
   * Checks that this artefact was made from {@code source}. Does nothing if either lacks a manifest
   * or this one lists no source of that kind.
   *
   * @throws IllegalArgumentException if it was made from another artefact of that kind
   */
  public void checkMadeFrom(ArtefactDirectory source) {
    if (manifest == null || source.manifest == null) {
      return;
    }
    Manifest.Source expected = source.manifest.source();
    List<Manifest.Source> ofKind =
        manifest.madeFrom().stream().filter(s -> s.kind() == expected.kind()).toList();
    if (!ofKind.isEmpty() && !ofKind.contains(expected)) {
      throw new IllegalArgumentException(
          String.format(
              "the %s %s was not made from the %s %s, but from another one: use the %s that it was"
                  + " made from (SHA-256 of its %s: %s, not %s)",
              kind,
              path,
              source.kind,
              source.path,
              source.kind,
              Manifest.FILE,
              ofKind.get(0).sha256().substring(0, 12),
              expected.sha256().substring(0, 12)));
    }
  }

  /**
   * Returns the sorted names of the files that match a pattern such as {@code samples-*.avro}:
   * those in the manifest, or without one those in the directory.
   */
  public List<String> names(String pattern) throws IOException {
    int star = pattern.indexOf('*');
    String prefix = pattern.substring(0, star);
    String suffix = pattern.substring(star + 1);
    Collection<String> names =
        manifest == null
            ? sizes(List.of(pattern)).keySet()
            : manifest.files().stream().map(Entry::file).toList();
    return names.stream()
        .filter(name -> name.startsWith(prefix) && name.endsWith(suffix))
        .sorted()
        .toList();
  }

  /** Reads a file and checks it against the manifest before returning its bytes. */
  public byte[] bytes(String file) throws IOException {
    String full = resolve(file);
    byte[] bytes;
    try (InputStream in = AtomicFile.open(full)) {
      bytes = in.readAllBytes();
    } catch (FileNotFoundException e) {
      if (manifest == null) {
        throw e;
      }
      throw DamagedFileException.missing(full);
    }
    if (manifest != null) {
      check(full, entry(file), bytes.length, Hashing.sha256().hashBytes(bytes).toString());
    }
    return bytes;
  }

  /** Like {@link #bytes}, for a UTF-8 text file. */
  public String text(String file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /** Opens a file; one larger than {@link #SMALL} is checked at its end or when it is closed. */
  InputStream open(String file) throws IOException {
    if (manifest != null) {
      Entry entry = entry(file);
      if (entry.bytes() > SMALL) {
        try {
          return new CheckedStream(resolve(file), entry);
        } catch (FileNotFoundException e) {
          throw DamagedFileException.missing(resolve(file));
        }
      }
      return new ByteArrayInputStream(bytes(file));
    }
    return AtomicFile.open(resolve(file));
  }

  /**
   * Reads and checks every byte of every file.
   *
   * @throws DamagedFileException if a file is missing or damaged; the message names the first
   * @throws IllegalStateException if a data file is not listed in the manifest
   */
  public void verify() throws IOException {
    checkListing();
    if (manifest != null) {
      List<Optional<DamagedFileException>> damages =
          manifest.files().parallelStream().map(this::damage).toList();
      for (Optional<DamagedFileException> damage : damages) {
        if (damage.isPresent()) {
          throw damage.get();
        }
      }
    }
  }

  /** Reads and checks every byte of the named files. */
  public void verify(Collection<String> files) {
    if (manifest != null) {
      for (String file : files) {
        damage(entry(file))
            .ifPresent(
                damage -> {
                  throw damage;
                });
      }
    }
  }

  private Optional<DamagedFileException> damage(Entry entry) {
    String full = resolve(entry.file());
    try (InputStream in = new CheckedStream(full, entry)) {
      ByteStreams.exhaust(in);
      return Optional.empty();
    } catch (FileNotFoundException e) {
      return Optional.of(DamagedFileException.missing(full));
    } catch (DamagedFileException e) {
      return Optional.of(e);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + full + ": " + e.getMessage(), e);
    }
  }

  /** Returns the full path of a file. */
  public String resolve(String file) {
    return AtomicFile.resolve(path, file);
  }

  private Entry entry(String file) {
    return manifest
        .find(file)
        .orElseThrow(
            () ->
                DamagedFileException.damaged(
                    AtomicFile.resolve(path, Manifest.FILE), "it does not list " + file));
  }

  private static void check(String path, Entry entry, long bytes, String sha256) {
    if (bytes != entry.bytes()) {
      throw DamagedFileException.damaged(
          path, "it has " + bytes + " bytes, but " + Manifest.FILE + " lists " + entry.bytes());
    }
    if (!sha256.equals(entry.sha256())) {
      throw DamagedFileException.damaged(path, "its SHA-256 does not match " + Manifest.FILE);
    }
  }

  private void checkListing() throws IOException {
    // The directory would be parsed as a pattern. Reads check each file anyway.
    if (manifest == null || WILDCARDS.matchesAnyOf(path)) {
      return;
    }
    Map<String, Long> sizes = sizes(kind.patterns());
    for (Entry entry : manifest.files()) {
      Long size = sizes.remove(entry.file());
      if (size == null) {
        // The file matches no pattern, or the listing is not up to date yet.
        size = size(resolve(entry.file()));
      }
      if (size != entry.bytes()) {
        check(resolve(entry.file()), entry, size, entry.sha256());
      }
    }
    if (!sizes.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "%s does not belong to the %s, because %s does not list it: delete it or move it"
                  + " elsewhere",
              resolve(new TreeSet<>(sizes.keySet()).first()), kind, Manifest.FILE));
    }
  }

  private static long size(String full) throws IOException {
    try {
      return FileSystems.matchSingleFileSpec(full).sizeBytes();
    } catch (FileNotFoundException e) {
      throw DamagedFileException.missing(full);
    }
  }

  /** Returns the sizes of the existing files that match the patterns, by name. */
  private Map<String, Long> sizes(List<String> patterns) throws IOException {
    Map<String, Long> sizes = new HashMap<>();
    if (patterns.isEmpty()) {
      return sizes;
    }
    List<String> specs = new ArrayList<>();
    patterns.forEach(pattern -> specs.add(resolve(pattern)));
    for (MatchResult found : FileSystems.match(specs, EmptyMatchTreatment.ALLOW)) {
      for (MatchResult.Metadata file : found.metadata()) {
        sizes.put(file.resourceId().getFilename(), file.sizeBytes());
      }
    }
    return sizes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ArtefactDirectory that
        && path.equals(that.path)
        && kind == that.kind
        && Objects.equals(manifest, that.manifest);
  }

  @Override
  public int hashCode() {
    return Objects.hash(path, kind, manifest);
  }

  @Override
  public String toString() {
    return kind + " in " + path;
  }

  /** A stream that checks a file against its entry at its end, or when it is closed before. */
  private static final class CheckedStream extends InputStream {
    private final String path;
    private final Entry entry;
    private final HashingInputStream in;
    private long count;
    private boolean isChecked;

    CheckedStream(String path, Entry entry) throws IOException {
      this.path = path;
      this.entry = entry;
      in = new HashingInputStream(Hashing.sha256(), AtomicFile.open(path));
    }

    @Override
    public int read() throws IOException {
      int next = in.read();
      count += next < 0 ? 0 : 1;
      return checkAtEnd(next);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count += Math.max(0, read);
      return checkAtEnd(read);
    }

    private int checkAtEnd(int read) {
      if (read < 0 && !isChecked) {
        isChecked = true;
        check(path, entry, count, in.hash().toString());
      }
      return read;
    }

    /** Reads the rest, because the part that was read and used may be damaged too. */
    @Override
    public void close() throws IOException {
      try {
        if (!isChecked) {
          ByteStreams.exhaust(this);
        }
      } finally {
        isChecked = true;
        in.close();
      }
    }
  }
}
