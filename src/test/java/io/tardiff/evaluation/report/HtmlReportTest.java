package io.tardiff.evaluation.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.WindowSpec;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.GuidanceChoice;
import io.tardiff.evaluation.report.SvgChart.Axis;
import io.tardiff.influence.Guidance;
import io.tardiff.settings.TextList;
import io.tardiff.synthetic.SelectionMethod;
import io.tardiff.synthetic.SyntheticSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlReportTest {

  @Test
  void escapesEveryString() {
    String evil = "<script>alert(\"x\" & 'y')</script>";
    GuidanceChoice choice = GuidanceChoice.of(set(evil), null, "gru", evil);
    String report =
        HtmlReport.of(
            new Evaluation(
                List.of(),
                List.of(),
                choice,
                Map.of("cohort", "{\"a\": [{\"b<script>\": \"<script>\"}], \"<script>\": 1}")));
    assertThat(report, not(containsString("<script")));
    assertThat(report, containsString("&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)"));
  }

  private static SyntheticSet set(String directory) {
    return SyntheticSet.of(
        directory,
        Guidance.none(),
        SelectionMethod.NONE,
        1,
        1,
        WindowSpec.of(
            1, Duration.ofHours(1), List.of(WindowSpec.Channel.of("HR", "bpm")), List.of(), 2));
  }

  @Test
  void makesNoRequests() {
    String report = HtmlReport.of(new Evaluation(List.of(), List.of(), null, Map.of()));
    assertThat(report, not(containsString("http:")));
    assertThat(report, not(containsString("https:")));
    assertThat(report, containsString("default-src &#39;none&#39;"));
    assertThat(report, containsString("There was no synthetic set to choose from."));
  }

  @Test
  void rejectsInvalidSections() {
    rejects(Map.of("weather", "{}"), "section must be one of");
    rejects(Map.of("cohort", "[1]"), "section cohort must be a JSON object");
    rejects(Map.of("cohort", "{"), "section cohort must be JSON");
  }

  private static void rejects(Map<String, String> sections, String message) {
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> new Evaluation(List.of(), List.of(), null, sections));
    assertThat(e.getMessage(), containsString(message));
  }

  @Test
  void ticksAreRound() {
    assertThat(new Axis(0, 48).ticks(), is(List.of(0.0, 10.0, 20.0, 30.0, 40.0)));
    assertThat(new Axis(-1, 1).ticks(), is(List.of(-1.0, -0.5, 0.0, 0.5, 1.0)));
    assertThat(new Axis(61, 104).ticks(), is(List.of(70.0, 80.0, 90.0, 100.0)));
  }

  @Test
  void axisOfOnePointHasAMargin() {
    Axis axis = Axis.around(3, 3);
    assertThat(axis.fraction(3), is(0.5));
  }

  @Test
  void scalesHaveNoExponent() {
    assertThat(TextList.plain(1e-5), is("0.00001"));
    assertThat(TextList.plain(0.03), is("0.03"));
  }

  /** The plot ends above the names, which have one line per word. */
  @Test
  void categoryNamesReduceTheHeightOfThePlot() {
    SvgChart chart =
        new SvgChart("Title", "What", "x", new Axis(-0.5, 1.5), "y", new Axis(0, 1))
            .withCategories(List.of("none", "mean_shift 0.03"))
            .dot(1, 0, Double.NaN, "set");
    String svg = chart.render().toString();
    assertThat(svg, containsString(">mean_shift</text>"));
    assertThat(svg, containsString(">0.03</text>"));
    assertThat(svg, containsString("cy=\"150.0\""));
  }

  @Test
  void chartsHaveTextForScreenReaders() {
    String svg =
        new SvgChart("Title", "What it shows", "x", new Axis(0, 1), "y", new Axis(0, 1))
            .dot(0.5, 0.5, Double.NaN, "set")
            .render()
            .toString();
    assertThat(svg, containsString("role=\"img\" aria-label=\"Title. What it shows\""));
    assertThat(svg, containsString("<desc>What it shows</desc>"));
    assertThat(svg, not(containsString("polyline")));
  }
}
