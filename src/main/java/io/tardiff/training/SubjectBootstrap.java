package io.tardiff.training;

import io.tardiff.tensorflow.Seeds;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.commons.rng.UniformRandomProvider;

/**
 * A bootstrap of subjects: as many as there are, drawn with replacement, each with all of its
 * windows. Windows of a subject resemble each other, so drawing windows would leave out windows
 * that a classifier knows all but by name.
 *
 * <pre>{@code
 * SubjectBootstrap drawn = SubjectBootstrap.draw(subjects, labels, 2, seed);
 * LabelledWindows sample = train.select(drawn.windows());
 * LabelledWindows unseen = train.select(drawn.leftOut());
 * }</pre>
 *
 * @param windows drawn windows, some more than once
 * @param leftOut windows of subjects that were not drawn
 */
@Internal
public record SubjectBootstrap(int[] windows, int[] leftOut) {
  private static final int ATTEMPTS = 1000;

  /**
   * Draws until windows of every class are drawn, because a classifier needs all.
   *
   * @param subjects subject of each window, numbered from 0
   * @param labels class of each window
   * @throws IllegalArgumentException if that does not happen, because almost no subject has a
   *     window of some class
   */
  public static SubjectBootstrap draw(int[] subjects, int[] labels, int classes, long seed) {
    int count = Arrays.stream(subjects).max().orElse(-1) + 1;
    int[][] windowsOf = new int[count][];
    int[] sizes = new int[count];
    for (int subject : subjects) {
      sizes[subject]++;
    }
    Arrays.setAll(windowsOf, subject -> new int[sizes[subject]]);
    int[] filled = new int[count];
    for (int w = 0; w < subjects.length; w++) {
      windowsOf[subjects[w]][filled[subjects[w]]++] = w;
    }
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      UniformRandomProvider random = Seeds.stream(seed, "subject bootstrap", attempt);
      boolean[] drawn = new boolean[count];
      boolean[] hasClass = new boolean[classes];
      IntStream.Builder windows = IntStream.builder();
      for (int i = 0; i < count; i++) {
        int subject = random.nextInt(count);
        drawn[subject] = true;
        for (int w : windowsOf[subject]) {
          windows.add(w);
          hasClass[labels[w]] = true;
        }
      }
      boolean complete = true;
      for (boolean has : hasClass) {
        complete &= has;
      }
      if (complete) {
        return new SubjectBootstrap(
            windows.build().toArray(),
            IntStream.range(0, subjects.length).filter(w -> !drawn[subjects[w]]).toArray());
      }
    }
    throw new IllegalArgumentException(
        String.format(
            "none of %d bootstraps of %d subjects has windows of every class: some class has too"
                + " few subjects",
            ATTEMPTS, count));
  }
}
