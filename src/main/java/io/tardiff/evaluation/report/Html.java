package io.tardiff.evaluation.report;

import com.google.common.html.HtmlEscapers;
import io.tardiff.progress.Printable;
import java.util.List;

/** Writes HTML, escaping all text and attribute values. */
final class Html {
  private final StringBuilder out = new StringBuilder();

  /** Opens an element; {@code attributes} are alternating names and values. */
  Html open(String tag, String... attributes) {
    out.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      out.append(' ').append(attributes[i]).append("=\"").append(escape(attributes[i + 1]));
      out.append('"');
    }
    out.append('>');
    return this;
  }

  Html close(String tag) {
    out.append("</").append(tag).append(">\n");
    return this;
  }

  Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Adds an element that contains only text. */
  Html element(String tag, String text, String... attributes) {
    return open(tag, attributes).text(text).close(tag);
  }

  /** Adds a caption, which stays in view while its table scrolls. */
  Html caption(String text) {
    return open("caption").element("span", text).close("caption");
  }

  /** Adds a table that scrolls if it is wider than the page. */
  Html table(String caption, List<String> header, List<Row> rows) {
    open("div", "class", "scroll", "tabindex", "0", "role", "region", "aria-label", caption);
    open("table").caption(caption).open("thead").open("tr");
    header.forEach(column -> element("th", column, "scope", "col"));
    close("tr").close("thead").open("tbody");
    for (Row row : rows) {
      open("tr", row.attributes().toArray(String[]::new));
      element("th", row.cells().get(0), "scope", "row");
      row.cells().stream().skip(1).forEach(cell -> element("td", cell));
      close("tr");
    }
    return close("tbody").close("table").close("div");
  }

  /**
   * A row of a table.
   *
   * @param attributes alternating names and values
   */
  record Row(List<String> attributes, List<String> cells) {
    static Row of(String... cells) {
      return new Row(List.of(), List.of(cells));
    }

    /** A row that is emphasised if {@code kept}. */
    static Row of(boolean kept, List<String> cells) {
      return new Row(kept ? List.of("class", "kept") : List.of(), cells);
    }

    /** A row that is shown only while the channel is. */
    static Row ofChannel(int channel, List<String> cells) {
      return new Row(List.of("data-channel", String.valueOf(channel)), cells);
    }
  }

  static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(Printable.lines(text));
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
