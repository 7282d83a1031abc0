package io.tardiff.evaluation.report;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.lessThanOrEqualTo;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.common.io.Resources;
import io.tardiff.cohort.WindowSpec.Channel;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.Evaluations;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The report in headless Chromium: no error, every figure drawn, legible at 1280 and 400 pixels,
 * operable by keyboard, dark, printed, accessible. With {@code -Dtardiff.screenshots=directory}, it
 * leaves pictures there.
 */
class ReportInChromiumTest {
  private static final List<Channel> VITALS =
      List.of(
          Channel.of("HR", "bpm"),
          Channel.of("SBP", "mmHg"),
          Channel.of("DBP", "mmHg"),
          Channel.of("MAP", "mmHg"));

  private static final String SHOWN =
      "[...document.querySelectorAll('figure')].filter(f => !f.hidden)";
  private static final String CHARTS =
      SHOWN + ".flatMap(f => [...f.querySelectorAll('.chart')]).filter(c => c.offsetParent)";

  @TempDir static Path directory;
  private static Chromium chromium;

  @BeforeAll
  static void start() throws Exception {
    Optional<Path> program = Chromium.program();
    assumeTrue(program.isPresent(), "the report is not tested in a browser: no chromium in PATH");
    chromium = Chromium.start(program.get(), Files.createTempDirectory(directory, "profile"));
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  /** An evaluation, and how many figures it has. */
  record Case(String name, Evaluation evaluation, int figures) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    List<Channel> many =
        IntStream.range(0, 40).mapToObj(c -> Channel.of("Channel" + c, "mmol/L")).toList();
    List<Channel> hostile =
        List.of(
            Channel.of(ReportPageTest.EVIL, ReportPageTest.EVIL),
            Channel.of("<img src=x onerror=alert(2)>", "%s"));
    return Stream.of(
        new Case("whole run", Evaluations.of(VITALS, 2, 300, 4, Evaluations.SECTIONS), 16),
        new Case("five classes", Evaluations.of(VITALS, 5, 400, 3, Evaluations.SECTIONS), 16),
        new Case("many channels", Evaluations.of(many, 2, 200, 2, Map.of()), 11),
        new Case("one channel", Evaluations.of(VITALS.subList(0, 1), 2, 200, 1, Map.of()), 9),
        new Case("few patients", Evaluations.of(VITALS, 2, 8, 2, Map.of()), 11),
        new Case("hostile names", Evaluations.of(hostile, 2, 200, 2, Map.of()), 11),
        new Case("gaps", Evaluations.withGaps(VITALS, 2, 300, 2, Evaluations.SECTIONS, true), 17),
        new Case("few patients, gaps", Evaluations.withGaps(VITALS, 2, 12, 1, Map.of(), true), 11),
        new Case("no set", Evaluations.of(VITALS, 2, 60, 0, Evaluations.SECTIONS), 7),
        new Case("nothing", new Evaluation(List.of(), List.of(), null, List.of(), Map.of()), 0));
  }

  private static Path open(Case each) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve(each.name().replace(' ', '-') + ".html"),
            ReportPageTest.page(each.evaluation()));
    chromium.media("screen", false);
    chromium.resize(1280, 900);
    chromium.open(file);
    return file;
  }

  private static Path openWhole() throws Exception {
    return open(cases().findFirst().orElseThrow());
  }

  /** Charts whose picture has no mark: at least a path or rectangle beside the background. */
  private static List<String> emptyCharts() throws Exception {
    return chromium.texts(
        CHARTS
            + ".filter(c => c.clientWidth < 150 || c.querySelectorAll('svg path, svg circle,"
            + " svg polygon, svg polyline').length < 3)"
            + ".map(c => c.closest('figure').id)");
  }

  private static List<String> wide() throws Exception {
    return chromium.texts(
        "document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :"
            + " [...document.querySelectorAll('body *')].filter(e =>"
            + " e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll'))"
            + ".map(e => e.tagName + '.' + e.className)");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void everyFigureIsDrawn(Case each) throws Exception {
    Path file = open(each);
    for (int width : new int[] {1280, 400}) {
      chromium.resize(width, 900);
      assertThat(width + " pixels", wide(), is(empty()));
      assertThat(width + " pixels", emptyCharts(), is(empty()));
      assertThat(chromium.evaluate(SHOWN + ".length").asInt(), is(each.figures()));
      screenshot(each.name() + "-" + width);
    }
    assertThat(chromium.complaints(), is(empty()));
    assertThat(chromium.requests(), is(List.of(file.toUri().toString())));
  }

  private static void screenshot(String name) throws Exception {
    String pictures = System.getProperty("tardiff.screenshots");
    if (pictures != null) {
      Files.createDirectories(Path.of(pictures));
      chromium.screenshot(Path.of(pictures, name.replace(' ', '-') + ".png"));
    }
  }

  @Test
  void figuresTellScreenReadersWhatTheyShow() throws Exception {
    openWhole();
    assertThat(
        chromium.texts(
            CHARTS
                + ".filter(c => c.getAttribute('role') !== 'img'"
                + " || (c.getAttribute('aria-label') || '').length < 20)"
                + ".map(c => c.closest('figure').id)"),
        is(empty()));
    assertThat(
        chromium.texts(
            "[...document.querySelectorAll('[aria-label]')].map(e => e.getAttribute('aria-label'))"),
        hasItem(containsString("AUROC")));
  }

  @Test
  void numbersBehindEveryFigureAreInTables() throws Exception {
    openWhole();
    assertThat(
        chromium.texts(
            CHARTS
                + ".filter(c => !(c.closest('.panel') || c.closest('figure'))"
                + ".querySelector('details.data')).map(c => c.closest('figure').id)"),
        is(empty()));
    List<String> rows =
        chromium.texts(
            "(() => { const d = document.querySelector('#roc details.data'); d.open = true;"
                + " return new Promise(done => setTimeout(() => done([...d.querySelectorAll('tr')]"
                + ".map(r => r.textContent)), 100)); })()");
    assertThat(rows.size(), is(12));
    assertThat(rows.get(1), containsString("0.00"));
  }

  /** Tab reaches the filter, arrow keys change it, and figures and tables follow. */
  @Test
  void filtersWorkByKeyboard() throws Exception {
    openWhole();
    String panels = "[...document.querySelectorAll('#trajectories .panel')].filter(p => !p.hidden)";
    assertThat(chromium.evaluate(panels + ".length").asInt(), is(4));
    focus("filter-channel");
    chromium.press("ArrowDown");
    assertThat(chromium.evaluate(panels + ".length").asInt(), is(1));
    assertThat(
        chromium.texts(
            "[...document.querySelectorAll('tr[data-channel]')].filter(r => !r.hidden)"
                + ".map(r => r.cells[0].textContent)"),
        is(List.of("HR")));
    assertThat(
        chromium.evaluate("document.getElementById('filter-status').textContent").asText(),
        containsString("HR"));
    focus("filter-class");
    String before =
        chromium.evaluate("document.querySelector('#trajectories .finding').textContent").asText();
    chromium.press("ArrowDown");
    String after =
        chromium.evaluate("document.querySelector('#trajectories .finding').textContent").asText();
    assertThat(before, containsString("300 real"));
    assertThat(after, containsString("150 real"));
    assertThat(after, containsString("class 0"));
    assertThat(chromium.complaints(), is(empty()));
  }

  private static void focus(String id) throws Exception {
    for (int i = 0; i < 60; i++) {
      if (chromium.evaluate("document.activeElement.id").asText().equals(id)) {
        return;
      }
      chromium.press("Tab");
    }
    throw new AssertionError("Tab does not reach " + id);
  }

  @Test
  void firstTabSkipsToTheReport() throws Exception {
    openWhole();
    chromium.press("Tab");
    assertThat(
        chromium.evaluate("document.activeElement.getAttribute('href')").asText(), is("#main"));
  }

  @Test
  void singlePatientsCanBeHidden() throws Exception {
    openWhole();
    String lines = "document.querySelectorAll('#trajectories .panel svg path').length";
    int with = chromium.evaluate(lines).asInt();
    chromium.evaluate("document.getElementById('show-examples').click()");
    assertThat(with, is(greaterThan(chromium.evaluate(lines).asInt())));
  }

  @Test
  void darkModeIsDarkAndStillReadable() throws Exception {
    openWhole();
    String page = "getComputedStyle(document.body).backgroundColor";
    String text = "getComputedStyle(document.querySelector('#roc svg text')).fill";
    String lightPage = chromium.evaluate(page).asText();
    String lightText = chromium.evaluate(text).asText();
    chromium.media("screen", true);
    assertThat(lightPage, is("rgb(255, 255, 255)"));
    assertThat(chromium.evaluate(page).asText(), is("rgb(18, 22, 27)"));
    assertThat(chromium.evaluate(text).asText(), is(not(lightText)));
    assertThat(violations(), is(empty()));
    screenshot("dark-1280");
    chromium.resize(400, 900);
    screenshot("dark-400");
  }

  /** The rules of axe-core, WCAG 2.1 A and AA. */
  @Test
  void isAccessible() throws Exception {
    openWhole();
    assertThat(violations(), is(empty()));
    chromium.resize(400, 900);
    assertThat(violations(), is(empty()));
  }

  private static List<String> violations() throws Exception {
    String axe =
        Resources.toString(
            Resources.getResource("META-INF/resources/webjars/axe-core/4.6.3/axe.min.js"),
            StandardCharsets.UTF_8);
    chromium.call("Page.setBypassCSP", Map.of("enabled", true));
    chromium.evaluate(axe + "; 0");
    return chromium.texts(
        "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice']})"
            + ".then(r => r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 120)"
            + " + ' ' + n.failureSummary).slice(0, 3).join('; ')))");
  }

  @Test
  void printsEveryFigureOnPaper() throws Exception {
    openWhole();
    byte[] pdf = chromium.print();
    assertThat(new String(pdf, 0, 5, StandardCharsets.ISO_8859_1), is("%PDF-"));
    assertThat(pdf.length, is(greaterThan(100_000)));
    // As the page is while it prints.
    chromium.evaluate("dispatchEvent(new Event('beforeprint'))");
    chromium.media("print", true);
    chromium.resize(704, 1000);
    assertThat(emptyCharts(), is(empty()));
    assertThat(wide(), is(empty()));
    assertThat(
        chromium
            .evaluate("Math.max(..." + CHARTS + ".map(c => c.querySelector('svg').clientWidth))")
            .asInt(),
        is(lessThanOrEqualTo(704)));
    assertThat(
        chromium.texts("[...document.querySelectorAll('#roc details.data')].map(d => '' + d.open)"),
        is(List.of("true")));
    // Dark mode is for screens.
    assertThat(
        chromium
            .evaluate("getComputedStyle(document.documentElement).getPropertyValue('--page')")
            .asText(),
        is("#ffffff"));
    assertThat(
        chromium.evaluate("getComputedStyle(document.body).backgroundColor").asText(),
        is("rgb(255, 255, 255)"));
    assertThat(
        chromium.evaluate("getComputedStyle(document.documentElement).colorScheme").asText(),
        is("light"));
    screenshot("print");
    chromium.media("screen", false);
    chromium.evaluate("dispatchEvent(new Event('afterprint'))");
    assertThat(
        chromium.texts("[...document.querySelectorAll('#roc details.data')].map(d => '' + d.open)"),
        is(List.of("false")));
    assertThat(chromium.complaints(), is(empty()));
  }

  @Test
  void headingsAndLandmarksGiveTheStructure() throws Exception {
    openWhole();
    assertThat(
        chromium.texts("[...document.querySelectorAll('h2')].map(h => h.textContent)"),
        hasItems("Summary", "1. Cohort", "3. Utility", "5. Privacy", "6. Provenance"));
    assertThat(
        chromium.texts(
            "[...document.querySelectorAll('section, nav, form')].filter(e =>"
                + " !e.getAttribute('aria-label') && !e.getAttribute('aria-labelledby'))"
                + ".map(e => e.id)"),
        is(empty()));
  }
}
