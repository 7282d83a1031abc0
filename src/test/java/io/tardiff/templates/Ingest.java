package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs the template {@code ingest}. */
final class Ingest {
  private Ingest() {}

  /** Returns the cohort that a run must build without dead letters. */
  static Cohort cohort(Path input, Path output, List<String> arguments) throws IOException {
    List<String> all = new ArrayList<>(List.of("ingest"));
    all.addAll(arguments);
    all.addAll(
        List.of(
            "--input=" + input,
            "--output=" + output,
            "--stratified=true",
            "--windowShards=1",
            "--deadLetterThreshold=0"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = Commands.run(out, out, all);
    assertThat(code == 0 ? "" : out.toString(StandardCharsets.UTF_8), is(""));
    return Cohort.open(output.resolve("cohort").toString());
  }

  /** Returns the number of windows of a cohort. */
  static long windows(Cohort cohort) {
    return cohort.count(Split.TRAIN) + cohort.count(Split.TUNING) + cohort.count(Split.HELD_OUT);
  }
}
