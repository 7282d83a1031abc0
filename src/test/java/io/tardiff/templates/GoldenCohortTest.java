package io.tardiff.templates;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;

import io.tardiff.RealData;
import io.tardiff.cohort.Cohort;
import io.tardiff.cohort.Split;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Builds cohorts from real files by the command line and compares their hashes with known ones. The
 * counts of the attrition were verified on the same files with other tools.
 */
class GoldenCohortTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @TempDir Path directory;

  /**
   * @param left stays left after each rule that dropped some
   * @param windows number of windows in train, tuning and held_out
   */
  @ParameterizedTest(name = "{0} {2}")
  @CsvSource({
    "mimic3, mimic3-demo, --stratified, 136 73 72 71, 41 18 12,"
        + " eada8d9d965b748554756d868f6ee03f2ed129fe6914aba73ef3aa7c699695e9",
    "mimic3, mimic3-demo, --stratified --task=icu_stay, 136 102 99, 57 25 17,"
        + " 1b60d0002456c866dfc79b12f0629659e1f79af969ec22f5926aabd15c66c463",
    "eicu, eicu-demo, '--task=icu_stay --channels=SBP,DBP,MAP,Urine', 2520 1398 1373, 783 291 299,"
        + " 04a780f6f2a4302412ed35e8ec64e1a2dea58b144c6e792646928ff291dda04a",
    "eicu, eicu-demo, '--channels=SBP,DBP,MAP,Urine', 2520 932 931 920 917 906, 521 196 189,"
        + " 59cf815cd445df9f8b2420ce9f06d9d50f08ed6c23bfed93f53b2a7d73e4441b",
    "meds, mimic4-demo-meds/MEDS, --task=source_label, 127 125, 100 11 14,"
        + " 04d610fc347ec6a23b0cd76cd33b139b14ea7274b364db1d20d229c69cf8b36c",
    "ucr_uea, uea-ucr/ECG200, --samplingRate=180, 200, 76 24 100,"
        + " a3e8a55876eabe578e09a99ec16a0e0b4957985a7487b6296e0f9e5ff934f3d4",
    "ucr_uea, uea-ucr/Epilepsy, --samplingRate=16, 275, 99 38 138,"
        + " e64e81b1cac65e7d16c01fed732fbbe8ced10df00b65abc05735f40bb9ec1f97",
  })
  void cohort(
      String source, String folder, String options, String left, String windows, String hash) {
    Cohort cohort = Cohort.open(ingest(source, folder, options, 0).resolve("cohort").toString());

    List<String> rows = new ArrayList<>();
    for (Cohort.Attrition row : cohort.attrition()) {
      if (rows.isEmpty() || row.dropped() > 0) {
        rows.add(String.valueOf(row.left()));
      }
    }
    assertThat(String.join(" ", rows), is(left));
    assertThat(
        Arrays.stream(Split.values())
            .map(split -> String.valueOf(cohort.count(split)))
            .collect(Collectors.joining(" ")),
        is(windows));
    assertThat(cohort.hash(), is(hash));
  }

  /** Ten and twelve subjects with too few hospital stays. */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "fhir, fhir-synthea-ndjson, '--channels=HR,SBP,DBP', '12 seen; dropped 7 by: no admission time;"
        + " dropped 1 by: outcome before the prediction time; dropped 4 by: no outcome'",
    "omop, omop-mimic4-demo-tiny, '', '12 seen; dropped 8 by: no admission time; dropped 4 by: no"
        + " channel observed in the window'",
  })
  void tooFewStaysForACohort(String source, String folder, String options, String message) {
    ingest(source, folder, "--task=hospital_mortality " + options, 1);

    assertThat(err.toString(StandardCharsets.UTF_8), containsString(message));
  }

  private Path ingest(String source, String folder, String options, int status) {
    Path input = RealData.at(folder);
    RealData.require(input);
    Path output = directory.resolve("out");
    List<String> arguments =
        new ArrayList<>(
            List.of("ingest", "--source=" + source, "--input=" + input, "--output=" + output));
    Arrays.stream(options.split(" ", -1)).filter(o -> !o.isEmpty()).forEach(arguments::add);
    int exit = Commands.run(OutputStream.nullOutputStream(), err, arguments);
    assertThat(err.toString(StandardCharsets.UTF_8), exit, is(status));
    return output;
  }
}
