package io.tardiff.evaluation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * A small chart as inline SVG.
 *
 * <p>Classes refer to colours in the style sheet of the page, so charts follow its light and dark
 * mode. No lightweight charting library offered this without scripts or requests. Screen readers
 * read the title and description.
 */
final class SvgChart {
  private static final double WIDTH = 420;
  private static final double HEIGHT = 240;
  private static final double LEFT = 58;
  private static final double RIGHT = 12;
  private static final double TOP = 12;
  private static final double BOTTOM = 46;

  /** Room for category names: two levels of two lines. */
  private static final double BOTTOM_OF_NAMES = 90;

  private static final double LINE = 14;

  private final String title;
  private final String description;
  private final String xLabel;
  private final String yLabel;
  private final Axis x;
  private final Axis y;
  private final Html marks = new Html();
  private List<String> categories = List.of();

  /** An axis from low to high, with ticks at round numbers. */
  record Axis(double low, double high) {

    /** Returns an axis that covers all {@code values}, with a margin. */
    static Axis around(double... values) {
      double low = IntStream.range(0, values.length).mapToDouble(i -> values[i]).min().orElse(0);
      double high = IntStream.range(0, values.length).mapToDouble(i -> values[i]).max().orElse(1);
      double margin = high > low ? 0.05 * (high - low) : 0.5;
      return new Axis(low - margin, high + margin);
    }

    double fraction(double value) {
      return (Math.max(low, Math.min(high, value)) - low) / (high - low);
    }

    List<Double> ticks() {
      double rough = (high - low) / 5;
      double power = Math.pow(10, Math.floor(Math.log10(rough)));
      double step =
          rough / power <= 1
              ? power
              : rough / power <= 2 ? 2 * power : rough / power <= 5 ? 5 * power : 10 * power;
      List<Double> ticks = new ArrayList<>();
      for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
        ticks.add(i * step);
      }
      return ticks;
    }
  }

  SvgChart(String title, String description, String xLabel, Axis x, String yLabel, Axis y) {
    this.title = title;
    this.description = description;
    this.xLabel = xLabel;
    this.x = x;
    this.yLabel = yLabel;
    this.y = y;
  }

  /**
   * Labels x = 0, 1, 2 and so on with names instead of numbers, one word per line. Call it before
   * drawing, because names change the height of the plot.
   */
  SvgChart withCategories(List<String> names) {
    categories = List.copyOf(names);
    return this;
  }

  /** Draws the area between two lines. */
  SvgChart band(double[] xs, double[] lows, double[] highs, String cssClass) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      points.append(point(xs[i], highs[i]));
    }
    for (int i = xs.length - 1; i >= 0; i--) {
      points.append(point(xs[i], lows[i]));
    }
    marks.element("polygon", "", "class", "band " + cssClass, "points", points.toString().strip());
    return this;
  }

  SvgChart line(double[] xs, double[] ys, String cssClass) {
    StringBuilder points = new StringBuilder();
    for (int i = 0; i < xs.length; i++) {
      points.append(point(xs[i], ys[i]));
    }
    marks.element("polyline", "", "class", "line " + cssClass, "points", points.toString().strip());
    return this;
  }

  /** Draws a dot with whiskers of length {@code spread}, or without if that is not finite. */
  SvgChart dot(double atX, double atY, double spread, String cssClass) {
    if (Double.isFinite(spread)) {
      line(new double[] {atX, atX}, new double[] {atY - spread, atY + spread}, cssClass);
    }
    marks.element("circle", "", "class", "dot " + cssClass, "cx", px(atX), "cy", py(atY), "r", "4");
    return this;
  }

  Html render() {
    Html svg =
        new Html()
            .open(
                "svg",
                "viewBox",
                String.format(Locale.ROOT, "0 0 %.0f %.0f", WIDTH, HEIGHT),
                "role",
                "img",
                "aria-label",
                title + ". " + description)
            .element("title", title)
            .element("desc", description);
    for (double tick : y.ticks()) {
      svg.element(
          "line",
          "",
          "class",
          "grid",
          "x1",
          px(x.low()),
          "x2",
          px(x.high()),
          "y1",
          py(tick),
          "y2",
          py(tick));
      svg.element(
          "text",
          number(tick),
          "x",
          format(LEFT - 6),
          "y",
          format(pixelsY(tick) + 4),
          "class",
          "end");
    }
    if (categories.isEmpty()) {
      for (double tick : x.ticks()) {
        svg.element("text", number(tick), "x", px(tick), "y", format(HEIGHT - bottom() + 16));
      }
    }
    for (int i = 0; i < categories.size(); i++) {
      // Alternate between two levels, because names are longer than numbers.
      double y = HEIGHT - bottom() + LINE + i % 2 * 2 * LINE;
      for (String word : categories.get(i).split(" ")) {
        svg.element("text", word, "x", px(i), "y", format(y));
        y += LINE;
      }
    }
    svg.element("text", xLabel, "x", format((LEFT + WIDTH - RIGHT) / 2), "y", format(HEIGHT - 4));
    svg.element(
        "text",
        yLabel,
        "transform",
        String.format(
            Locale.ROOT, "translate(13 %.1f) rotate(-90)", (TOP + HEIGHT - bottom()) / 2));
    return svg.add(marks).close("svg");
  }

  private String point(double atX, double atY) {
    return px(atX) + "," + py(atY) + " ";
  }

  private String px(double value) {
    return format(LEFT + x.fraction(value) * (WIDTH - LEFT - RIGHT));
  }

  private String py(double value) {
    return format(pixelsY(value));
  }

  private double pixelsY(double value) {
    return HEIGHT - bottom() - y.fraction(value) * (HEIGHT - TOP - bottom());
  }

  private double bottom() {
    return categories.isEmpty() ? BOTTOM : BOTTOM_OF_NAMES;
  }

  private static String format(double pixels) {
    return String.format(Locale.ROOT, "%.1f", pixels);
  }

  /** Formats a tick without floating-point noise such as 0.30000000000000004. */
  private static String number(double tick) {
    String text = String.format(Locale.ROOT, "%.4f", tick);
    return text.replaceAll("\\.?0+$", "").replaceAll("^-0$", "0");
  }
}
