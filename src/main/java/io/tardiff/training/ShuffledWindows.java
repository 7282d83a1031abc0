package io.tardiff.training;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.files.CloseableIterator;
import io.tardiff.tensorflow.Seeds;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.commons.rng.UniformRandomProvider;
import org.apache.commons.rng.sampling.ListSampler;

/**
 * The windows that the denoiser learns from ({@link Cohort#denoiserShards}), or some of them, as an
 * endless sequence of batches, reshuffled every epoch.
 *
 * <p>The sequence is a pure function of the cohort, the files and the seed and can start at any
 * batch, so that training resumed from a checkpoint sees the same batches. A split that fits in the
 * buffer is read once and shuffled as a whole. A larger split is streamed through the buffer every
 * epoch, with its files in a new order, and windows leave the buffer at random.
 */
final class ShuffledWindows implements AutoCloseable {
  /** Memory for buffered windows. */
  private static final long BUFFER_BYTES = 256L << 20;

  private final Cohort cohort;
  private final List<String> files;
  private final long seed;
  private final long count;
  private final DenoiserLayout layout;
  private final int stride;
  private final int capacity;

  private List<Window> whole = null;
  private long epoch;
  private final List<Window> buffer = new ArrayList<>();
  private CloseableIterator<EhrWindow> incoming = null;
  private UniformRandomProvider random;

  private record Window(float[] values, int label) {}

  /**
   * Skips the first {@code batchesDone} batches of {@code batch} windows.
   *
   * @param files files of {@link Cohort#denoiserShards}, in the cohort's order
   * @param layout what batches hold
   */
  ShuffledWindows(
      Cohort cohort,
      List<String> files,
      DenoiserLayout layout,
      long seed,
      int batch,
      long batchesDone) {
    this(
        cohort,
        files,
        layout,
        seed,
        batch,
        batchesDone,
        (int)
            Math.max(
                1,
                Math.min(
                    Integer.MAX_VALUE / 2, BUFFER_BYTES / ((long) stride(layout) * Float.BYTES))));
  }

  ShuffledWindows(
      Cohort cohort,
      List<String> files,
      DenoiserLayout layout,
      long seed,
      int batch,
      long batchesDone,
      int capacity) {
    this.cohort = cohort;
    this.files = files;
    this.layout = layout;
    this.seed = seed;
    this.count = cohort.count(files);
    this.stride = stride(layout);
    this.capacity = capacity;
    checkArgument(count > 0, "the train split of %s is empty", cohort.directory());
    if (count > capacity) {
      // A stream is checked when the end of a file is reached, after batches were learnt from it.
      cohort.verify(files);
    }
    long done = Math.multiplyExact(batchesDone, batch);
    startEpoch(done / count);
    for (long i = 0; i < done % count; i++) {
      take();
    }
  }

  private static int stride(DenoiserLayout layout) {
    return layout.steps() * layout.width();
  }

  /** Returns the next {@code size} windows, which may span two epochs. */
  WindowBatch next(int size) {
    float[] values = new float[size * stride];
    int[] labels = new int[size];
    for (int i = 0; i < size; i++) {
      Window window = take();
      System.arraycopy(window.values(), 0, values, i * stride, stride);
      labels[i] = window.label();
    }
    return new WindowBatch(values, labels);
  }

  private Window take() {
    if (buffer.isEmpty() && !fill()) {
      startEpoch(epoch + 1);
      fill();
    }
    Window window;
    if (whole != null) {
      window = buffer.remove(buffer.size() - 1);
    } else {
      int at = random.nextInt(buffer.size());
      window = buffer.get(at);
      if (incoming.hasNext()) {
        buffer.set(at, read(incoming.next()));
      } else {
        buffer.set(at, buffer.get(buffer.size() - 1));
        buffer.remove(buffer.size() - 1);
      }
    }
    return window;
  }

  private void startEpoch(long number) {
    epoch = number;
    random = Seeds.stream(seed, "shuffle", epoch);
    close();
    buffer.clear();
    if (count <= capacity) {
      if (whole == null) {
        whole = new ArrayList<>();
        cohort.readAll(files).forEach(w -> whole.add(read(w)));
      }
      buffer.addAll(whole);
      ListSampler.shuffle(random, buffer);
    } else {
      List<String> shards = new ArrayList<>(files);
      Collections.sort(shards);
      ListSampler.shuffle(random, shards);
      incoming = CohortWindows.stream(cohort, shards);
    }
  }

  /** Fills the buffer from the stream; returns false at the end of the epoch. */
  private boolean fill() {
    while (incoming != null && buffer.size() < capacity && incoming.hasNext()) {
      buffer.add(read(incoming.next()));
    }
    return !buffer.isEmpty();
  }

  private Window read(EhrWindow window) {
    return new Window(CohortWindows.encoded(cohort, layout, window), window.label());
  }

  @Override
  public void close() {
    if (incoming != null) {
      incoming.close();
      incoming = null;
    }
  }
}
