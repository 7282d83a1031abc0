package io.tardiff.training;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SubjectBootstrapTest {
  private static final int[] SUBJECTS = {0, 0, 1, 2, 2, 2, 3, 4, 5, 6, 7, 7};
  private static final int[] LABELS = {0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0};

  @Test
  void drawsSubjectsWithAllTheirWindows() {
    for (long seed = 0; seed < 20; seed++) {
      SubjectBootstrap drawn = SubjectBootstrap.draw(SUBJECTS, LABELS, 2, seed);

      Set<Integer> in = new TreeSet<>();
      Arrays.stream(drawn.windows()).forEach(in::add);
      Set<Integer> out = new TreeSet<>();
      Arrays.stream(drawn.leftOut()).forEach(out::add);
      Set<Integer> all = new TreeSet<>(in);
      all.addAll(out);
      assertThat(all, is(new TreeSet<>(IntStream.range(0, SUBJECTS.length).boxed().toList())));
      assertThat(in.size() + out.size(), is(SUBJECTS.length));
      Set<Integer> subjectsIn = new HashSet<>();
      in.forEach(w -> subjectsIn.add(SUBJECTS[w]));
      out.forEach(w -> assertThat(subjectsIn.contains(SUBJECTS[w]), is(false)));
      for (int label = 0; label < 2; label++) {
        int wanted = label;
        assertThat(Arrays.stream(drawn.windows()).anyMatch(w -> LABELS[w] == wanted), is(true));
      }
    }
  }

  @Test
  void dependsOnTheSeedOnly() {
    assertArrayEquals(
        SubjectBootstrap.draw(SUBJECTS, LABELS, 2, 3).windows(),
        SubjectBootstrap.draw(SUBJECTS, LABELS, 2, 3).windows());
    assertThat(
        Arrays.equals(
            SubjectBootstrap.draw(SUBJECTS, LABELS, 2, 3).windows(),
            SubjectBootstrap.draw(SUBJECTS, LABELS, 2, 4).windows()),
        is(false));
  }

  @Test
  void aClassWithoutWindowsIsAnError() {
    assertThat(
        assertThrows(
                IllegalArgumentException.class, () -> SubjectBootstrap.draw(SUBJECTS, LABELS, 3, 1))
            .getMessage(),
        containsString("too few subjects"));
  }
}
