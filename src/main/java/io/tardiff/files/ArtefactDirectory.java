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
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.fs.EmptyMatchTreatment;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.checkerframework.checker.nullness.qual.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory of a finished artefact: every file that is read through it is checked against the
 * {@link Manifest}.
 *
 * <p>{@link #open} compares names and sizes with the manifest. The bytes themselves are hashed
 * where they are read, on the very bytes that are parsed, so that nothing can change in between: a
 * file of up to {@value #SMALL} bytes before any of it is handed out, a larger one (a shard of
 * windows, which one reader reads from its beginning to its end) by the time its end is reached. A
 * bundle that read a damaged shard fails, and its output with it.
 *
 * <p>A directory without a manifest is of an earlier version: it is read with a warning, and only
 * what its files say of themselves is checked.
 */
@Internal
public final class ArtefactDirectory implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Logger LOG = LoggerFactory.getLogger(ArtefactDirectory.class);

  /** What is checked before it is parsed; several may be open at once. */
  static final int SMALL = 4 << 20;

  private static final CharMatcher WILDCARDS = CharMatcher.anyOf("*?[]{}");

  private static final Set<String> WARNED = ConcurrentHashMap.newKeySet();

  private final String path;
  private final Manifest.Kind kind;
  private final @Nullable Manifest manifest;

  private ArtefactDirectory(String path, Manifest.Kind kind, @Nullable Manifest manifest) {
    this.path = path;
    this.kind = kind;
    this.manifest = manifest;
  }

  /**
   * Opens a directory, and compares the names and sizes of its files with its manifest.
   *
   * @throws FileNotFoundException where it holds nothing of that kind
   * @throws DamagedFileException naming a file that is missing or of another size
   * @throws IllegalStateException naming a file that does not belong there
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
    if (manifest.isEmpty() && WARNED.add(path)) {
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

  /** A directory whose manifest is known already; nothing is read. */
  public static ArtefactDirectory of(String path, Manifest.Kind kind, @Nullable Manifest manifest) {
    return new ArtefactDirectory(path, kind, manifest);
  }

  /** The same from the {@link Manifest#text} of its manifest, empty where there is none. */
  public static ArtefactDirectory parse(String path, Manifest.Kind kind, String manifest) {
    return of(
        path,
        kind,
        manifest.isEmpty()
            ? null
            : Manifest.parse(AtomicFile.resolve(path, Manifest.FILE), manifest));
  }

  /**
   * Writes the manifest of a directory whose files are all there.
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

  /** Name of the file that describes the artefact. */
  String main() {
    return kind.main();
  }

  /** Empty where the directory is of an earlier version. */
  public Optional<Manifest> manifest() {
    return Optional.ofNullable(manifest);
  }

  /** The {@link Manifest#text} of its manifest; empty where there is none. */
  public String manifestText() {
    return manifest == null ? "" : manifest.text();
  }

  /** The artefact and all that it was made from; nothing where that is not known. */
  public List<Manifest.Source> lineage() {
    return manifest == null ? List.of() : manifest.lineage();
  }

  /**
   * Checks that this was made from {@code source}, as far as both have manifests that say so.
   *
   * @throws IllegalArgumentException where it was made from another artefact of that kind
   */
  public void checkMadeFrom(ArtefactDirectory source) {
    if (manifest == null || source.manifest == null) {
      return;
    }
    Manifest.Source wanted = source.manifest.source();
    List<Manifest.Source> ofKind =
        manifest.madeFrom().stream().filter(s -> s.kind() == wanted.kind()).toList();
    if (!ofKind.isEmpty() && !ofKind.contains(wanted)) {
      throw new IllegalArgumentException(
          String.format(
              "the %s %s was not made from the %s %s, but from another one: give the %s that it was"
                  + " made from (SHA-256 of its %s: %s, not %s)",
              kind,
              path,
              source.kind,
              source.path,
              source.kind,
              Manifest.FILE,
              ofKind.get(0).sha256().substring(0, 12),
              wanted.sha256().substring(0, 12)));
    }
  }

  /**
   * Names of the files of a pattern such as {@code samples-*.avro}, sorted: those of the manifest,
   * or those that are there.
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

  /** The file's bytes, which are those that were written. */
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

  /** The text of a UTF-8 file, which is that which was written. */
  public String text(String file) throws IOException {
    return new String(bytes(file), StandardCharsets.UTF_8);
  }

  /** Opens a file; a larger one is checked when its end is reached or it is closed. */
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
   * Reads every byte of every file.
   *
   * @throws DamagedFileException naming the first file that is missing or damaged
   * @throws IllegalStateException naming a file that does not belong there
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

  /** Reads every byte of some files, by name, as {@link #verify()} does of all. */
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

  /** The full path of a file. */
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
          path, "it has " + bytes + " bytes, " + entry.bytes() + " in " + Manifest.FILE);
    }
    if (!sha256.equals(entry.sha256())) {
      throw DamagedFileException.damaged(path, "its SHA-256 is not that in " + Manifest.FILE);
    }
  }

  private void checkListing() throws IOException {
    // A file system would take such a directory for a pattern; reading needs none.
    if (manifest == null || WILDCARDS.matchesAnyOf(path)) {
      return;
    }
    Map<String, Long> sizes = sizes(kind.patterns());
    for (Entry entry : manifest.files()) {
      Long size = sizes.remove(entry.file());
      if (size == null) {
        // Not of a pattern, or a listing that is behind.
        size = size(resolve(entry.file()));
      }
      if (size != entry.bytes()) {
        check(resolve(entry.file()), entry, size, entry.sha256());
      }
    }
    if (!sizes.isEmpty()) {
      throw new IllegalStateException(
          String.format(
              "%s does not belong to the %s, as %s does not list it: delete it or move it elsewhere",
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

  /** Sizes of the files there are of some patterns, by name. */
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

  /** A file that is compared with its entry when its end is reached, or else when it is closed. */
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
      return atEnd(next);
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = in.read(buffer, offset, length);
      count += Math.max(0, read);
      return atEnd(read);
    }

    private int atEnd(int read) {
      if (read < 0 && !isChecked) {
        isChecked = true;
        check(path, entry, count, in.hash().toString());
      }
      return read;
    }

    /** What was read and used may have been wrong also where the rest was not wanted. */
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
