package io.tardiff.files;

import com.google.auto.service.AutoService;
import com.google.common.base.Ascii;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.stream.Stream;
import org.apache.beam.sdk.io.FileSystem;
import org.apache.beam.sdk.io.FileSystemRegistrar;
import org.apache.beam.sdk.io.fs.CreateOptions;
import org.apache.beam.sdk.io.fs.MatchResult;
import org.apache.beam.sdk.io.fs.MatchResult.Metadata;
import org.apache.beam.sdk.io.fs.MatchResult.Status;
import org.apache.beam.sdk.io.fs.MoveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.io.fs.ResourceId;
import org.apache.beam.sdk.options.PipelineOptions;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * A file system of local files under {@code faulty://<path>} on which the n-th operation that a
 * fault affects, counted per JVM, fails in that way.
 *
 * <pre>{@code
 * FaultyFileSystem.arm(Fault.TEAR, 12); // the twelfth write
 * launcher.run("ingest", "--output=faulty:///tmp/run", ...);
 * FaultyFileSystem.disarm();
 * }</pre>
 */
public final class FaultyFileSystem extends FileSystem<FaultyFileSystem.Resource> {
  public static final String SCHEME = "faulty";

  /** How an operation fails. */
  public enum Fault {
    NONE,
    /** Throws without any effect. */
    FAIL,
    /** Takes effect and then throws, like a lost response. */
    FAIL_AFTER,
    /** Writes half of a file and throws. Affects writes only. */
    TEAR,
    /** Writes half of a file without an error. Affects writes only. */
    TEAR_SILENTLY,
    /** Omits the newest file of a listing. Affects listings only. */
    LIST_LATE,
    /** Succeeds after half a second. */
    DELAY;

    private boolean affects(Operation operation) {
      return switch (this) {
        case TEAR, TEAR_SILENTLY -> operation == Operation.WRITE;
        case LIST_LATE -> operation == Operation.LIST;
        default -> true;
      };
    }
  }

  private enum Operation {
    READ,
    WRITE,
    LIST,
    COPY,
    RENAME,
    DELETE
  }

  private static final AtomicLongArray COUNTS = new AtomicLongArray(Operation.values().length);
  private static final AtomicLong AFFECTED = new AtomicLong();
  private static volatile Fault fault = Fault.NONE;
  private static volatile long faultAt;
  private static volatile @Nullable String struck;

  /** Resets the counters and makes the {@code n}-th operation (from 1) that is affected fail. */
  public static void arm(Fault kind, long n) {
    fault = kind;
    faultAt = n;
    struck = null;
    AFFECTED.set(0);
    for (Operation operation : Operation.values()) {
      COUNTS.set(operation.ordinal(), 0);
    }
  }

  /** Removes the fault. */
  public static void disarm() {
    fault = Fault.NONE;
  }

  /** Returns the number of operations since {@link #arm} that a fault would affect. */
  public static long count(Fault kind) {
    return Arrays.stream(Operation.values())
        .filter(kind::affects)
        .mapToLong(operation -> COUNTS.get(operation.ordinal()))
        .sum();
  }

  /** Returns the operation that failed, such as {@code write windows-0.avro}; null if none did. */
  public static @Nullable String struck() {
    return struck;
  }

  /** Counts an operation on {@code path} and returns its fault. */
  private static Fault next(Operation operation, String path) {
    COUNTS.incrementAndGet(operation.ordinal());
    Fault current = fault;
    if (current == Fault.NONE
        || !current.affects(operation)
        || AFFECTED.incrementAndGet() != faultAt) {
      return Fault.NONE;
    }
    struck = Ascii.toLowerCase(operation.name()) + " " + path;
    return current;
  }

  @FunctionalInterface
  private interface Action<T> {
    T run() throws IOException;
  }

  private static <T> T withFault(Operation operation, Path path, Action<T> action)
      throws IOException {
    Fault current = next(operation, path.toString());
    if (current == Fault.FAIL) {
      throw injected();
    }
    if (current == Fault.DELAY) {
      sleep();
    }
    T result = action.run();
    if (current == Fault.FAIL_AFTER) {
      throw injected();
    }
    return result;
  }

  private static IOException injected() {
    return new IOException("injected fault");
  }

  private static void sleep() {
    try {
      Thread.sleep(500);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  protected List<MatchResult> match(List<String> specs) throws IOException {
    List<MatchResult> results = new ArrayList<>();
    for (String spec : specs) {
      results.add(match(spec));
    }
    return results;
  }

  private static MatchResult match(String spec) throws IOException {
    String pattern = Resource.pathOf(spec);
    Fault current = next(Operation.LIST, pattern);
    if (current == Fault.FAIL || current == Fault.FAIL_AFTER) {
      throw injected();
    }
    if (current == Fault.DELAY) {
      sleep();
    }
    List<Path> files = new ArrayList<>(find(pattern));
    if (current == Fault.LIST_LATE && !files.isEmpty()) {
      long newest = Long.MIN_VALUE;
      Path late = files.get(0);
      for (Path file : files) {
        long modified = Files.getLastModifiedTime(file).toMillis();
        if (modified >= newest) {
          newest = modified;
          late = file;
        }
      }
      struck = "list " + pattern + " without " + late.getFileName();
      files.remove(late);
    }
    List<Metadata> metadata = new ArrayList<>();
    for (Path file : files) {
      try {
        metadata.add(
            Metadata.builder()
                .setResourceId(new Resource(file.toString(), false))
                .setIsReadSeekEfficient(true)
                .setSizeBytes(Files.size(file))
                .setLastModifiedMillis(Files.getLastModifiedTime(file).toMillis())
                .build());
      } catch (NoSuchFileException e) {
        // Renamed or deleted since it was found.
        continue;
      }
    }
    return metadata.isEmpty()
        ? MatchResult.create(Status.NOT_FOUND, new FileNotFoundException(spec + " is not there"))
        : MatchResult.create(Status.OK, metadata);
  }

  private static List<Path> find(String pattern) throws IOException {
    int glob = firstWildcard(pattern);
    if (glob < 0) {
      Path file = Path.of(pattern);
      return Files.isRegularFile(file) ? List.of(file) : List.of();
    }
    Path root = Path.of(pattern.substring(0, pattern.lastIndexOf('/', glob) + 1));
    if (!Files.isDirectory(root)) {
      return List.of();
    }
    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
    try (Stream<Path> files = Files.walk(root)) {
      return files.filter(Files::isRegularFile).filter(matcher::matches).sorted().toList();
    }
  }

  private static int firstWildcard(String pattern) {
    for (int i = 0; i < pattern.length(); i++) {
      if ("*?[{".indexOf(pattern.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  protected WritableByteChannel create(Resource resource, CreateOptions options)
      throws IOException {
    Path path = resource.path();
    Files.createDirectories(path.getParent());
    Fault current = next(Operation.WRITE, path.toString());
    if (current == Fault.FAIL) {
      throw injected();
    }
    return new Writing(
        Files.newByteChannel(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE),
        path,
        current);
  }

  /** A file being written. Faults strike when it is closed, because only then is its size known. */
  private record Writing(SeekableByteChannel channel, Path path, Fault fault)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      return channel.write(bytes);
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      if (!channel.isOpen()) {
        return;
      }
      if (fault == Fault.TEAR || fault == Fault.TEAR_SILENTLY) {
        channel.truncate(channel.size() / 2);
      }
      channel.close();
      if (fault == Fault.TEAR || fault == Fault.FAIL_AFTER) {
        throw injected();
      }
      if (fault == Fault.DELAY) {
        sleep();
      }
    }
  }

  @Override
  protected ReadableByteChannel open(Resource resource) throws IOException {
    return withFault(
        Operation.READ,
        resource.path(),
        () -> {
          try {
            return Files.newByteChannel(resource.path());
          } catch (NoSuchFileException e) {
            throw new FileNotFoundException(resource + " is not there");
          }
        });
  }

  @Override
  protected void copy(List<Resource> from, List<Resource> to) throws IOException {
    for (int i = 0; i < from.size(); i++) {
      Path source = from.get(i).path();
      Path target = to.get(i).path();
      withFault(
          Operation.COPY,
          target,
          () -> Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  @Override
  protected void rename(List<Resource> from, List<Resource> to, MoveOptions... options)
      throws IOException {
    for (int i = 0; i < from.size(); i++) {
      Path source = from.get(i).path();
      Path target = to.get(i).path();
      withFault(Operation.RENAME, target, () -> move(source, target));
    }
  }

  private static Path move(Path source, Path target) throws IOException {
    Files.createDirectories(target.getParent());
    try {
      return Files.move(
          source, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      throw new FileNotFoundException(source + " is not there");
    }
  }

  @Override
  protected void delete(Collection<Resource> resources) throws IOException {
    for (Resource resource : resources) {
      withFault(Operation.DELETE, resource.path(), () -> Files.deleteIfExists(resource.path()));
    }
  }

  @Override
  protected Resource matchNewResource(String spec, boolean isDirectory) {
    String path = Resource.pathOf(spec);
    return new Resource(isDirectory && !path.endsWith("/") ? path + "/" : path, isDirectory);
  }

  @Override
  protected String getScheme() {
    return SCHEME;
  }

  /** A path of {@link FaultyFileSystem}. */
  public record Resource(String file, boolean isDirectory) implements ResourceId {
    private static String pathOf(String spec) {
      String prefix = SCHEME + "://";
      return spec.startsWith(prefix) ? spec.substring(prefix.length()) : spec;
    }

    Path path() {
      return Path.of(file);
    }

    @Override
    public ResourceId resolve(String other, ResolveOptions options) {
      boolean directory = options == StandardResolveOptions.RESOLVE_DIRECTORY;
      Path resolved = Path.of(isDirectory ? file : path().getParent().toString()).resolve(other);
      return new Resource(directory ? resolved + "/" : resolved.toString(), directory);
    }

    @Override
    public ResourceId getCurrentDirectory() {
      return isDirectory ? this : new Resource(path().getParent() + "/", true);
    }

    @Override
    public String getScheme() {
      return SCHEME;
    }

    @Override
    public String getFilename() {
      return path().getFileName().toString();
    }

    @Override
    public String toString() {
      return SCHEME + "://" + file;
    }
  }

  /** Registers the file system with Beam, for all tests. */
  @AutoService(FileSystemRegistrar.class)
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new FaultyFileSystem());
    }
  }
}
