package io.tardiff.synthetic;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.is;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.Test;

class SyntheticWindowsTest {
  private static final SyntheticWindow WINDOW =
      new SyntheticWindow(
          7, 1, new float[] {1, 2}, new boolean[] {true, false}, new float[] {61, Float.NaN});

  private static void checkSame(SyntheticWindow window) {
    assertThat(window.sampleId(), is(WINDOW.sampleId()));
    assertThat(window.label(), is(WINDOW.label()));
    assertThat(window.values(), is(WINDOW.values()));
    assertThat(window.mask(), is(WINDOW.mask()));
    assertThat(window.statics(), is(WINDOW.statics()));
  }

  @Test
  void recordsHoldMasksAndStaticCovariates() {
    checkSame(SyntheticWindows.fromAvro(SyntheticWindows.toAvro(WINDOW)));
  }

  @Test
  void filesOfEarlierVersionsHaveNone() {
    Schema earlier =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "SyntheticWindow", "fields": [
                  {"name": "sample_id", "type": "long"},
                  {"name": "label", "type": "int"},
                  {"name": "values", "type": {"type": "array", "items": "float"}}]}
                """);
    GenericRecord avro = new GenericData.Record(earlier);
    avro.put("sample_id", 3L);
    avro.put("label", 0);
    avro.put("values", List.of(1f, 2f));

    SyntheticWindow window = SyntheticWindows.fromAvro(avro);
    assertThat(window.mask(), is(new boolean[] {true, true}));
    assertThat(window.statics(), is(new float[0]));
  }

  @Test
  void codersHoldMasksAndStaticCovariates() throws IOException {
    LedgerRecord ledger =
        new LedgerRecord(7, 1, 5, "none", 0, 0.1f, 0.2f, "model", "hash", "hash", null, true);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    GeneratedSample.Coder samples = new GeneratedSample.Coder();
    ForeignWindow.Coder windows = new ForeignWindow.Coder();
    samples.encode(new GeneratedSample("none", WINDOW, ledger), bytes);
    windows.encode(new ForeignWindow("other", WINDOW), bytes);

    ByteArrayInputStream in = new ByteArrayInputStream(bytes.toByteArray());
    checkSame(samples.decode(in).window());
    checkSame(windows.decode(in).window());
  }
}
