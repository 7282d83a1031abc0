package io.tardiff.synthetic;

import static com.google.common.base.Preconditions.checkArgument;

import com.google.common.primitives.Booleans;
import com.google.common.primitives.Floats;
import io.tardiff.cohort.EhrWindow;
import io.tardiff.cohort.LabelledWindows;
import io.tardiff.cohort.Normaliser;
import io.tardiff.cohort.Split;
import io.tardiff.cohort.WindowSpec;
import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import io.tardiff.files.SortedAvroShards;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.beam.sdk.annotations.Internal;

/**
 * Reads the synthetic windows and the ledger of a {@link SyntheticSet}.
 *
 * <pre>{@code
 * for (SyntheticWindow window : SyntheticWindows.read(set)) {
 *   float firstHeartRate = window.values()[0];   // step 0, channel 0, clinical units
 * }
 * }</pre>
 *
 * <p>The Avro files {@code samples-*.avro} (sample_id, label, values, mask, statics and, in sets
 * with soft labels, probabilities) have one record per sample of the set; {@code ledger-*.avro}
 * (the fields of {@link LedgerRecord} in snake case) have one per sample drawn for it.
 */
public final class SyntheticWindows {
  public static final String SAMPLES = "samples";
  static final String LEDGER = "ledger";

  private static final String FIELDS =
      """
      {"type": "record", "name": "SyntheticWindow", "namespace": "io.tardiff.generation", "fields": [
        {"name": "sample_id", "type": "long"},
        {"name": "label", "type": "int"},
        {"name": "values", "type": {"type": "array", "items": "float"},
         "doc": "[steps, channels] row-major, clinical units, gaps filled"},
        {"name": "mask", "type": ["null", {"type": "array", "items": "boolean"}], "default": null,
         "doc": "[steps, channels] row-major, true where observed; null if all are"},
        {"name": "statics", "type": ["null", {"type": "array", "items": "float"}], "default": null,
         "doc": "static covariates, clinical units, NaN if unknown; null in sets without them"}%s]}
      """;

  private static final String SOFT_FIELD =
      """
      ,
      {"name": "probabilities", "type": ["null", {"type": "array", "items": "float"}], "default": null,
       "doc": "soft label: the probability of each class"}""";

  static final Schema SCHEMA = new Schema.Parser().parse(FIELDS.formatted(""));

  /** The schema of sets with soft labels; files without them do not have the field. */
  private static final Schema SOFT_SCHEMA = new Schema.Parser().parse(FIELDS.formatted(SOFT_FIELD));

  static final String JSON = SCHEMA.toString();
  private static final String SOFT_JSON = SOFT_SCHEMA.toString();

  /** Tolerance of the sum of the probabilities of a soft label, which are floats. */
  private static final double SUM_TOLERANCE = 1e-3;

  private SyntheticWindows() {}

  /** Reads all windows of the set, sorted by sample id. */
  public static List<SyntheticWindow> read(SyntheticSet set) {
    List<SyntheticWindow> windows = new ArrayList<>();
    ArtefactDirectory files = set.files();
    for (String file : checkedFiles(set, files)) {
      try (CloseableIterator<SyntheticWindow> records = read(set, files, file)) {
        records.forEachRemaining(windows::add);
      }
    }
    windows.sort(Comparator.comparingLong(SyntheticWindow::sampleId));
    return windows;
  }

  /**
   * Streams the samples of a file of the set. Each is checked to have the shape of the set, a valid
   * label and finite values.
   *
   * @param files directory of the set
   * @param file name of the file
   * @throws io.tardiff.files.DamagedFileException if the file is not what was written or a sample
   *     is invalid; thrown at the end of the file at the latest
   */
  @Internal
  public static CloseableIterator<SyntheticWindow> read(
      SyntheticSet set, ArtefactDirectory files, String file) {
    return SortedAvroShards.read(
        files,
        file,
        avro -> {
          SyntheticWindow window = fromAvro(avro);
          check(set.spec(), set.directory(), window);
          checkStatics(set, window);
          checkProbabilities(set, window);
          return window;
        });
  }

  /** Streams a ledger file of the set, with checks like {@link #read}. */
  @Internal
  public static CloseableIterator<LedgerRecord> readLedger(ArtefactDirectory files, String file) {
    return SortedAvroShards.read(files, file, LedgerRecord::fromAvro);
  }

  /**
   * The ledger of the set, sorted by sample id: all that were drawn, also those not {@link
   * LedgerRecord#kept}.
   *
   * @throws IllegalArgumentException if the set was made elsewhere, so that it has no ledger
   */
  public static List<LedgerRecord> readLedger(SyntheticSet set) {
    List<LedgerRecord> ledger = new ArrayList<>();
    ArtefactDirectory files = set.files();
    for (String file : checkedLedgers(set, files)) {
      try (CloseableIterator<LedgerRecord> records = readLedger(files, file)) {
        records.forEachRemaining(ledger::add);
      }
    }
    ledger.sort(Comparator.comparingLong(LedgerRecord::sampleId));
    return ledger;
  }

  /**
   * Checks that this library drew the set and therefore keeps a ledger of it.
   *
   * @throws IllegalArgumentException if it was made elsewhere
   */
  @Internal
  public static void checkHasLedger(SyntheticSet set) {
    checkArgument(
        !set.isMadeElsewhere(),
        "synthetic set %s was made elsewhere, so it has no ledger and no model",
        set.directory());
  }

  /** Reads and checks an entire set, with one record in memory at a time. */
  static void verify(SyntheticSet set) {
    ArtefactDirectory files = set.files();
    for (String file : checkedFiles(set, files)) {
      try (CloseableIterator<SyntheticWindow> records = read(set, files, file)) {
        records.forEachRemaining(window -> {});
      }
    }
    if (set.isMadeElsewhere()) {
      return;
    }
    for (String file : checkedLedgers(set, files)) {
      try (CloseableIterator<LedgerRecord> records = readLedger(files, file)) {
        records.forEachRemaining(record -> {});
      }
    }
  }

  /**
   * Returns the names of a set's sample files; throws if one is missing.
   *
   * @param files directory of the set
   */
  @Internal
  public static List<String> checkedFiles(SyntheticSet set, ArtefactDirectory files) {
    List<String> names = files(set, files, SAMPLES);
    checkComplete(set, files, names, set.count());
    return names;
  }

  /** Returns the names of a set's ledger files; throws if one is missing. */
  @Internal
  public static List<String> checkedLedgers(SyntheticSet set, ArtefactDirectory files) {
    checkHasLedger(set);
    List<String> names = files(set, files, LEDGER);
    checkComplete(set, files, names, set.pool());
    return names;
  }

  private static void checkComplete(
      SyntheticSet set, ArtefactDirectory files, List<String> names, long expected) {
    long actual =
        names.stream().mapToLong(name -> SortedAvroShards.count(files.resolve(name))).sum();
    if (actual != expected) {
      throw new IllegalStateException(
          String.format(
              "%s should hold %d samples, but its files hold %d: a file is missing or from another"
                  + " run",
              set.directory(), expected, actual));
    }
  }

  /**
   * Converts synthetic windows to network units, in order.
   *
   * @param spec the spec of the cohort or model, which the windows must match
   * @param directory the directory of their set, for messages
   * @throws IllegalArgumentException if a window has another shape, an invalid label, or a value
   *     that is not finite
   */
  @Internal
  public static LabelledWindows networkUnits(
      WindowSpec spec, Normaliser normaliser, String directory, List<SyntheticWindow> windows) {
    float[] values = new float[Math.multiplyExact(windows.size(), spec.size())];
    boolean[] mask = new boolean[values.length];
    int covariates = windows.isEmpty() ? 0 : windows.get(0).statics().length;
    float[] statics = new float[windows.size() * covariates];
    int[] labels = new int[windows.size()];
    int outputs = windows.isEmpty() ? 0 : windows.get(0).probabilities().length;
    float[] probabilities = new float[windows.size() * outputs];
    for (int i = 0; i < labels.length; i++) {
      SyntheticWindow window = windows.get(i);
      check(spec, directory, window);
      System.arraycopy(window.values(), 0, values, i * spec.size(), spec.size());
      System.arraycopy(window.mask(), 0, mask, i * spec.size(), spec.size());
      System.arraycopy(window.statics(), 0, statics, i * covariates, covariates);
      System.arraycopy(window.probabilities(), 0, probabilities, i * outputs, outputs);
      labels[i] = window.label();
    }
    normaliser.normalise(values);
    return new LabelledWindows(
        spec.steps(),
        spec.channels().size(),
        spec.classes(),
        values,
        mask,
        statics,
        labels,
        probabilities);
  }

  /** Checks that a window has the shape of the spec, a valid label and finite values. */
  static void check(WindowSpec spec, String directory, SyntheticWindow window) {
    checkArgument(
        window.values().length == spec.size(),
        "synthetic set %s: sample %s must hold %s values like the cohort's windows, held %s",
        directory,
        window.sampleId(),
        spec.size(),
        window.values().length);
    checkArgument(
        window.label() >= 0 && window.label() < spec.classes(),
        "synthetic set %s: label of sample %s must be between 0 and %s, was %s",
        directory,
        window.sampleId(),
        spec.classes() - 1,
        window.label());
    for (int j = 0; j < spec.size(); j++) {
      if (!Float.isFinite(window.values()[j])) {
        throw new IllegalArgumentException(
            String.format(
                "synthetic set %s: values must be finite, sample %d held %s at step %d of %s",
                directory,
                window.sampleId(),
                window.values()[j],
                j / spec.channels().size(),
                spec.channels().get(j % spec.channels().size()).name()));
      }
    }
  }

  private static void checkStatics(SyntheticSet set, SyntheticWindow window) {
    int expected = set.hasStatics() ? set.spec().statics().size() : 0;
    checkArgument(
        window.statics().length == expected,
        "synthetic set %s: sample %s must hold %s static covariates, held %s",
        set.directory(),
        window.sampleId(),
        expected,
        window.statics().length);
    for (float value : window.statics()) {
      checkArgument(
          !Float.isInfinite(value),
          "synthetic set %s: static covariates of sample %s must be finite, or NaN if unknown",
          set.directory(),
          window.sampleId());
    }
  }

  private static void checkProbabilities(SyntheticSet set, SyntheticWindow window) {
    int expected = set.hasProbabilities() ? set.spec().classes() : 0;
    checkArgument(
        window.probabilities().length == expected,
        "synthetic set %s: sample %s must hold the probabilities of %s classes, held %s",
        set.directory(),
        window.sampleId(),
        expected,
        window.probabilities().length);
    checkArgument(
        expected == 0 || isDistribution(window.probabilities()),
        "synthetic set %s: the probabilities of sample %s must be from 0 to 1 and add up to 1",
        set.directory(),
        window.sampleId());
  }

  /** Whether numbers are from 0 to 1 and add up to 1. */
  static boolean isDistribution(float[] probabilities) {
    double sum = 0;
    for (float p : probabilities) {
      if (!(p >= 0 && p <= 1)) {
        return false;
      }
      sum += p;
    }
    return Math.abs(sum - 1) <= SUM_TOLERANCE;
  }

  /** Returns the sample as a window of the train split, whose subject is the sample itself. */
  static EhrWindow asWindow(SyntheticWindow window) {
    String id = Long.toString(window.sampleId());
    return new EhrWindow(
        id, id, window.label(), Split.TRAIN, window.values(), window.mask(), window.statics());
  }

  /** Returns the ledger file of the samples in a sample file. */
  public static String ledgerOf(String samples) {
    int at = samples.lastIndexOf(SAMPLES + "-");
    return samples.substring(0, at) + LEDGER + samples.substring(at + SAMPLES.length());
  }

  private static List<String> files(SyntheticSet set, ArtefactDirectory files, String prefix) {
    String pattern = prefix + "-*.avro";
    try {
      List<String> names = files.names(pattern);
      if (names.isEmpty()) {
        throw new FileNotFoundException(files.resolve(pattern));
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(
          set.directory() + " holds no synthetic set: there is no file " + files.resolve(pattern),
          e);
    }
  }

  /** Returns the schema of the file of a window, as JSON. */
  static String schemaOf(SyntheticWindow window) {
    return isSoft(window) ? SOFT_JSON : JSON;
  }

  private static boolean isSoft(SyntheticWindow window) {
    return window.probabilities().length > 0;
  }

  static GenericRecord toAvro(SyntheticWindow window) {
    GenericRecord avro = new GenericData.Record(isSoft(window) ? SOFT_SCHEMA : SCHEMA);
    avro.put("sample_id", window.sampleId());
    avro.put("label", window.label());
    avro.put("values", Floats.asList(window.values()));
    avro.put("mask", window.hasGaps() ? Booleans.asList(window.mask()) : null);
    avro.put("statics", window.statics().length > 0 ? Floats.asList(window.statics()) : null);
    if (isSoft(window)) {
      avro.put("probabilities", Floats.asList(window.probabilities()));
    }
    return avro;
  }

  @SuppressWarnings("unchecked")
  public static SyntheticWindow fromAvro(GenericRecord avro) {
    float[] values = Floats.toArray((List<Float>) avro.get("values"));
    SyntheticWindow window =
        new SyntheticWindow((Long) avro.get("sample_id"), (Integer) avro.get("label"), values);
    // Files of earlier versions have neither masks nor static covariates.
    boolean hasMask = avro.hasField("mask") && avro.get("mask") != null;
    boolean hasStatics = avro.hasField("statics") && avro.get("statics") != null;
    boolean isSoft = avro.hasField("probabilities") && avro.get("probabilities") != null;
    return new SyntheticWindow(
        window.sampleId(),
        window.label(),
        values,
        hasMask ? Booleans.toArray((List<Boolean>) avro.get("mask")) : window.mask(),
        hasStatics ? Floats.toArray((List<Float>) avro.get("statics")) : window.statics(),
        isSoft ? Floats.toArray((List<Float>) avro.get("probabilities")) : window.probabilities());
  }
}
