package io.tardiff.files;

import com.google.auto.service.AutoService;
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
import java.util.Collection;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
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
 * Local files under {@code faulty://<path>}, one of whose operations goes wrong: the n-th, counted
 * over the JVM.
 *
 * <pre>{@code
 * FaultyFileSystem.arm(Fault.FAIL, 12);
 * launcher.run("ingest", "--output=faulty:///tmp/run", ...);
 * long operations = FaultyFileSystem.disarm();
 * }</pre>
 */
public final class FaultyFileSystem extends FileSystem<FaultyFileSystem.Resource> {
  public static final String SCHEME = "faulty";

  /** What goes wrong with one operation. */
  public enum Fault {
    NONE,
    /** It throws, having done nothing. */
    FAIL,
    /** It does what it should and then throws: the answer is lost on the way. */
    FAIL_AFTER,
    /** A write stops half way and throws; other operations are as they should be. */
    TEAR,
    /** A write stops half way and nobody notices; other operations are as they should be. */
    TEAR_SILENTLY,
    /** A listing lacks its newest file; other operations are as they should be. */
    LIST_LATE,
    /** It takes its time. */
    DELAY
  }

  private static final AtomicLong OPERATIONS = new AtomicLong();
  private static volatile Fault fault = Fault.NONE;
  private static volatile long faultAt;
  private static volatile @Nullable String struck;

  /** From now on the {@code n}-th operation, from 1, goes wrong. */
  public static void arm(Fault kind, long n) {
    fault = kind;
    faultAt = n;
    struck = null;
    OPERATIONS.set(0);
  }

  /** Ends the fault and returns how many operations there were. */
  public static long disarm() {
    fault = Fault.NONE;
    return OPERATIONS.get();
  }

  /** The operation that went wrong, as {@code write windows-0.avro}; null if none did. */
  public static @Nullable String struck() {
    return struck;
  }

  /** The fault of this operation, which is done on {@code path}. */
  private static Fault next(String operation, String path) {
    boolean isIt = OPERATIONS.incrementAndGet() == faultAt && fault != Fault.NONE;
    if (isIt) {
      struck = operation + " " + path;
    }
    return isIt ? fault : Fault.NONE;
  }

  @FunctionalInterface
  private interface Operation<T> {
    T run() throws IOException;
  }

  private static <T> T withFault(String name, Path path, Operation<T> operation)
      throws IOException {
    Fault mine = next(name, path.toString());
    if (mine == Fault.FAIL) {
      throw injected();
    }
    if (mine == Fault.DELAY) {
      sleep();
    }
    T result = operation.run();
    if (mine == Fault.FAIL_AFTER) {
      throw injected();
    }
    return result;
  }

  private static IOException injected() {
    return new IOException("the file system is out of order");
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
    Fault mine = next("list", pattern);
    if (mine == Fault.FAIL || mine == Fault.FAIL_AFTER) {
      throw injected();
    }
    if (mine == Fault.DELAY) {
      sleep();
    }
    List<Path> files = new ArrayList<>(find(pattern));
    if (mine == Fault.LIST_LATE && !files.isEmpty()) {
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
        // Renamed or deleted meanwhile.
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
    Fault mine = next("write", path.toString());
    if (mine == Fault.FAIL) {
      throw injected();
    }
    return new Writing(
        Files.newByteChannel(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE),
        path,
        mine);
  }

  /** A file that is written; what goes wrong does so at its end, when its size is known. */
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
        "read",
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
          "copy", target, () -> Files.copy(source, target, StandardCopyOption.REPLACE_EXISTING));
    }
  }

  @Override
  protected void rename(List<Resource> from, List<Resource> to, MoveOptions... options)
      throws IOException {
    for (int i = 0; i < from.size(); i++) {
      Path source = from.get(i).path();
      Path target = to.get(i).path();
      withFault("rename to", target, () -> move(source, target));
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
      withFault("delete", resource.path(), () -> Files.deleteIfExists(resource.path()));
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

  /** Found by Beam on the class path of the tests. */
  @AutoService(FileSystemRegistrar.class)
  public static final class Registrar implements FileSystemRegistrar {
    @Override
    public Iterable<FileSystem<?>> fromOptions(PipelineOptions options) {
      return List.of(new FaultyFileSystem());
    }
  }
}
