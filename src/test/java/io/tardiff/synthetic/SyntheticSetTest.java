package io.tardiff.synthetic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.Manifest;
import io.tardiff.influence.Guidance;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.beam.sdk.coders.Coder;
import org.apache.beam.sdk.schemas.NoSuchSchemaException;
import org.apache.beam.sdk.schemas.SchemaRegistry;
import org.apache.beam.sdk.util.CoderUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyntheticSetTest {
  private static final WindowSpec SPEC =
      WindowSpec.of(
          24, Duration.ofHours(1), List.of(WindowSpec.Channel.of("HR", "bpm")), List.of("Age"), 2);

  @TempDir Path directory;

  private SyntheticSet set(Guidance guidance, SelectionMethod selection) {
    return SyntheticSet.of(directory.toString(), guidance, selection, 100, 300, SPEC);
  }

  @Test
  void hasANameForFilesAndOneForPeople() {
    Guidance shift = Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03);

    SyntheticSet plain = set(Guidance.none(), SelectionMethod.NONE);
    assertThat(plain.name(), is("none"));
    assertThat(plain.title(), is("none"));
    assertThat(plain.isTargeted(), is(false));
    SyntheticSet herded = set(shift, SelectionMethod.HERDING);
    assertThat(herded.name(), is("mean_shift-0.03-herding"));
    assertThat(herded.title(), is("mean_shift 0.03, herding"));
    assertThat(herded.isTargeted(), is(true));
    assertThat(set(Guidance.none(), SelectionMethod.HERDING).isTargeted(), is(true));
    assertThat(set(shift, SelectionMethod.NONE).isTargeted(), is(true));
  }

  @Test
  void openRestoresTheSet() throws IOException {
    SyntheticSet set = set(Guidance.of(Guidance.Rule.INTERPOLATION, 1e-5), SelectionMethod.HERDING);
    set.finish(List.of(), List.of(), Map.of("0", 0.25));

    assertThat(SyntheticSet.open(directory.toString()), is(set));
    assertThat(
        Files.readString(directory.resolve(SyntheticSet.FILE)),
        containsString("\"embedding_error\" : {\n    \"0\" : 0.25\n  }"));
  }

  @Test
  void opensSetsFromBeforeSelectionWasAdded() throws IOException {
    set(Guidance.none(), SelectionMethod.NONE).finish(List.of(), List.of(), Map.of());
    Files.delete(directory.resolve(Manifest.FILE));
    Path file = directory.resolve(SyntheticSet.FILE);
    String text = Files.readString(file);
    Files.writeString(
        file, text.replace("  \"selection\" : \"none\",\n", "").replace("  \"pool\" : 300,\n", ""));

    SyntheticSet opened = SyntheticSet.open(directory.toString());
    assertThat(opened.selection(), is(SelectionMethod.NONE));
    assertThat(opened.pool(), is(100L));
  }

  @Test
  void damagedFileNamesTheField() throws IOException {
    set(Guidance.none(), SelectionMethod.NONE).finish(List.of(), List.of(), Map.of());
    Files.delete(directory.resolve(Manifest.FILE));
    Path file = directory.resolve(SyntheticSet.FILE);
    String text = Files.readString(file);

    Files.writeString(file, text.replace("\"samples\"", "\"windows\""));
    assertThat(message(), startsWith(file + " is damaged: field samples is missing or invalid"));
    Files.writeString(file, text.replace("\"steps\" : 24", "\"steps\" : \"x\""));
    assertThat(
        message(), startsWith(file + " is damaged: field steps must be an integer, was \"x\""));
    Files.delete(file);
    assertThat(message(), containsString("is not a complete synthetic set: it holds no set.json"));
  }

  private String message() {
    return assertThrows(RuntimeException.class, () -> SyntheticSet.open(directory.toString()))
        .getMessage();
  }

  @Test
  void coderPreservesTheSet() throws IOException, NoSuchSchemaException {
    SyntheticSet set = set(Guidance.of(Guidance.Rule.MEAN_SHIFT, 0.03), SelectionMethod.HERDING);
    Coder<SyntheticSet> coder = SchemaRegistry.createDefault().getSchemaCoder(SyntheticSet.class);

    assertThat(CoderUtils.clone(coder, set), is(set));
    assertThat(
        SchemaRegistry.createDefault().getSchema(SyntheticSet.class).getFieldNames(),
        is(
            List.of(
                "directory",
                "guidanceRule",
                "guidanceScale",
                "selection",
                "samples",
                "pool",
                "spec",
                "masked",
                "statics",
                "probabilities",
                "softLabels",
                "origin",
                "sampler")));
  }
}
