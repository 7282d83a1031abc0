package io.tardiff.evaluation.report;

import com.google.common.html.HtmlEscapers;

/** Writes HTML and SVG, escaping all text and attribute values. */
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

  /** Appends the output of another writer. */
  Html add(Html other) {
    out.append(other.out);
    return this;
  }

  private static String escape(String text) {
    return HtmlEscapers.htmlEscaper().escape(text);
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
