package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.nullValue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StaticCountsTest {
  private static final List<Concept> CONCEPTS =
      List.of("Age", "Gender", "Weight", "Height").stream()
          .map(ConceptDictionary.standard()::staticCovariate)
          .toList();

  /** Whole years; 0 and 1, sometimes unknown; tenths of kg; never known. */
  private static List<float[]> windows() {
    Random random = new Random(3);
    List<float[]> windows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      windows.add(
          new float[] {
            20 + random.nextInt(60),
            i % 4 == 0 ? Float.NaN : i % 3 == 0 ? 1 : -0f,
            (600 + random.nextInt(300)) / 10f,
            Float.NaN
          });
    }
    return windows;
  }

  private static StaticCounts counts(List<float[]> windows) {
    StaticCounts counts = new StaticCounts(4);
    windows.forEach(counts::add);
    return counts;
  }

  @Test
  void wholeNumbersOfFewKindsAreCategories() {
    List<StaticCovariate> fitted = counts(windows()).fit(CONCEPTS);

    assertThat(fitted.get(1).categories(), is(List.of(0.0, 1.0)));
    assertThat(fitted.get(1).known(), is(0.75));
    assertThat(fitted.get(1).isSometimesMissing(), is(true));
  }

  @Test
  void numbersHaveAScaleAndMoments() {
    List<StaticCovariate> fitted = counts(windows()).fit(CONCEPTS);
    StaticCovariate age = fitted.get(0);

    assertThat(age.categories(), is(nullValue()));
    assertThat(age.isSometimesMissing(), is(false));
    assertThat(age.scale(), is(new ChannelScale(1, 20, 79)));
    assertThat(age.mean(), closeTo(49.5, 2));
    assertThat(age.standardDeviation(), closeTo(60 / Math.sqrt(12), 1));
    assertThat(fitted.get(2).scale().resolution(), is(0.1));
  }

  @Test
  void whatNoWindowKnowsHasNoDescription() {
    StaticCovariate height = counts(windows()).fit(CONCEPTS).get(3);

    assertThat(height.known(), is(0.0));
    assertThat(height.isSometimesMissing(), is(false));
  }

  @Test
  void oneValueIsOneCategoryAndOneFractionIsANumber() {
    StaticCounts counts = new StaticCounts(4);
    counts.add(new float[] {50, Float.NaN, 70.5f, 100});
    List<StaticCovariate> fitted = counts.fit(CONCEPTS);

    assertThat(fitted.get(0).categories(), is(List.of(50.0)));
    assertThat(fitted.get(2).isCategorical(), is(false));
    assertThat(fitted.get(2).standardDeviation(), is(1.0));
    assertThat(fitted.get(2).round(99), is(70.5f));
  }

  @Test
  void ninthKindMakesItANumber() {
    StaticCounts counts = new StaticCounts(1);
    for (int i = 0; i < StaticCovariate.MAX_CATEGORIES; i++) {
      counts.add(new float[] {i});
    }
    assertThat(counts.fit(CONCEPTS).get(0).isCategorical(), is(true));

    counts.add(new float[] {8});
    assertThat(counts.fit(CONCEPTS).get(0).isCategorical(), is(false));
  }

  @Test
  void resolutionOfTheConceptPrecedesThatOfTheValues() {
    List<Concept> halves = new ArrayList<>(CONCEPTS);
    halves.set(0, CONCEPTS.get(0).withResolution(5));

    StaticCovariate age = counts(windows()).fit(halves).get(0);
    assertThat(age.round(61.9f), is(60f));
    assertThat(age.round(200), is(79f));
  }

  @Test
  void orderAndPartsDoNotMatter() throws IOException {
    List<float[]> windows = windows();
    List<StaticCovariate> expected = counts(windows).fit(CONCEPTS);
    Collections.shuffle(windows, new Random(7));
    StaticCounts first = counts(windows.subList(0, 5));
    first.merge(counts(windows.subList(5, 230)));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    counts(windows.subList(230, 400)).encode(bytes);
    StaticCounts read = new StaticCounts(4);
    read.decode(new ByteArrayInputStream(bytes.toByteArray()));
    first.merge(read);

    assertThat(first.fit(CONCEPTS), is(expected));
  }
}
