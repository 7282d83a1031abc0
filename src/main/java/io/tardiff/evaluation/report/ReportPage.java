package io.tardiff.evaluation.report;

import com.google.common.io.Resources;
import io.tardiff.evaluation.ChannelProfile;
import io.tardiff.evaluation.Evaluation;
import io.tardiff.evaluation.MetricsFile;
import io.tardiff.evaluation.MetricsFile.SetName;
import io.tardiff.files.Manifest;
import io.tardiff.synthetic.SyntheticSet;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The report for people: one HTML file with its style, its data and its scripts, which makes no
 * network request.
 *
 * <p>{@code report.html}, {@code report.css} and {@code report.js} are resources beside this class.
 * The page is their text, with the tables of {@link ReportSections} and the JSON of {@link
 * ReportData} in place of <code>{{names}}</code>. Figures are drawn by Apache ECharts, which is
 * embedded whole, from the WebJar. The page allows only its own scripts, by their hashes.
 */
final class ReportPage {
  private static final String WEBJAR = "META-INF/maven/org.webjars/echarts/pom.properties";
  private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{(\\w+)\\}\\}");

  private ReportPage() {}

  /**
   * Returns the HTML of an evaluation.
   *
   * @param metrics what the file for programs says of it
   * @param madeFrom what the sets were made from
   * @param data {@link ReportData#json}
   */
  static String of(
      Evaluation evaluation, MetricsFile metrics, List<Manifest.Source> madeFrom, String data) {
    ReportSections sections = new ReportSections(evaluation, metrics, madeFrom);
    String version = echartsVersion();
    String echarts =
        text("/META-INF/resources/webjars/echarts/" + version + "/echarts.min.js").strip();
    String script = text("report.js");
    Map<String, String> parts = new HashMap<>();
    parts.put("scripts", "'sha256-" + sha256(echarts) + "' 'sha256-" + sha256(script) + "'");
    parts.put("title", Html.escape(sections.title()));
    parts.put("task", Html.escape(sections.task()));
    parts.put("lead", Html.escape(sections.lead()));
    parts.put("css", text("report.css"));
    parts.put("summary", sections.summary().toString());
    parts.put("cohort", sections.cohort().toString());
    parts.put("training", sections.training().toString());
    parts.put("utility", sections.utility().toString());
    parts.put("fidelity", sections.fidelity().toString());
    parts.put("privacy", sections.privacy().toString());
    parts.put("provenance", sections.provenance().toString());
    parts.put("minimum", String.valueOf(ChannelProfile.MINIMUM));
    parts.put(
        "notice",
        Html.escape(
            "Figures: Apache ECharts "
                + version
                + ", Copyright The Apache Software Foundation, Apache License 2.0; embedded, so"
                + " that this file needs no network."));
    parts.put("licences", Html.escape(text("licences.txt")));
    parts.put("data", data);
    parts.put("echarts", echarts);
    parts.put("js", script);
    // In one pass, so that no value is searched for placeholders.
    return PLACEHOLDER
        .matcher(text("report.html"))
        .replaceAll(placeholder -> Matcher.quoteReplacement(parts.get(placeholder.group(1))));
  }

  /** Returns the name of a measured set for people; null is the reference. */
  static String name(@Nullable SyntheticSet set) {
    return set == null ? "real tuning windows" : name(SetName.of(set));
  }

  /** Returns the name of a set for people; real windows if it has none. */
  static String name(SetName set) {
    String title = set.title();
    return title.isEmpty() ? "real windows" : title.equals("none") ? "none (baseline)" : title;
  }

  private static String echartsVersion() {
    Properties properties = new Properties();
    try (InputStream in = ReportPage.class.getResourceAsStream("/" + WEBJAR)) {
      if (in == null) {
        throw new IllegalStateException("the class path must have the WebJar org.webjars:echarts");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return properties.getProperty("version");
  }

  private static String text(String resource) {
    try {
      return Resources.toString(
          Resources.getResource(ReportPage.class, resource), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      return Base64.getEncoder()
          .encodeToString(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
