package io.tardiff.generation;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.files.ArtefactDirectory;
import io.tardiff.files.CloseableIterator;
import io.tardiff.files.Json;
import io.tardiff.influence.Guidance;
import io.tardiff.synthetic.LedgerRecord;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.synthetic.SyntheticWindow;
import io.tardiff.synthetic.SyntheticWindows;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Draws samples of a set again, from its ledger and its model, and compares them with the stored
 * ones bit for bit.
 *
 * <pre>{@code
 * SyntheticSet set = SyntheticSet.open("out/synthetic/mean_shift-0.03");
 * Replay replay = Replay.of(set, TarDiffModel.open("out/model"));
 * for (Replay.Sample sample : replay.samples(List.of(3L, 1977L))) {
 *   boolean same = sample.outcome() == Replay.Outcome.SAME;
 * }
 * }</pre>
 *
 * <p>A sample of a guided set is drawn with its guidance; at scale 0, without. A sample of a
 * selected set has the id that it had in the pool. One that was drawn but not selected has a record
 * in the ledger and no stored window; its influences are compared all the same.
 *
 * <p>In memory are the networks, one sampling batch and the chosen samples, however large the set
 * is. Bits are the same on the same platform: another processor or version of TensorFlow may round
 * differently.
 */
public final class Replay {

  /** The result of a comparison. */
  public enum Outcome {
    /** The window and its influences are those stored, bit for bit. */
    SAME,
    /** The influences are those stored; the sample was not selected, so no window is. */
    SAME_NOT_KEPT,
    /** A bit differs. */
    DIFFERENT
  }

  /**
   * A sample drawn again.
   *
   * @param difference what differs, without values; null if nothing does
   * @param window the sample as drawn again
   */
  public record Sample(
      long sampleId, Outcome outcome, @Nullable String difference, SyntheticWindow window) {}

  private final SyntheticSet set;
  private final TarDiffModel model;
  private final GenerationConfig sampler;
  private final @Nullable Moments moments;

  private Replay(
      SyntheticSet set, TarDiffModel model, GenerationConfig sampler, @Nullable Moments moments) {
    this.set = set;
    this.model = model;
    this.sampler = sampler;
    this.moments = moments;
  }

  /**
   * Prepares the replay of a set.
   *
   * @param model the model it was drawn from
   * @throws IllegalArgumentException if the set was made elsewhere, from another model, or by a
   *     version that did not store the settings of the sampler
   */
  public static Replay of(SyntheticSet set, TarDiffModel model) {
    SyntheticWindows.checkHasLedger(set);
    set.files().checkMadeFrom(model.files());
    checkArgument(
        set.spec().equals(model.spec()),
        "the set %s has other steps, channels or classes than the model %s",
        set.directory(),
        model.directory());
    String settings = set.sampler();
    checkArgument(
        settings != null,
        "the set %s was drawn by an earlier version, which did not store the settings of the"
            + " sampler: it cannot be drawn again",
        set.directory());
    try {
      return new Replay(
          set,
          model,
          GenerationConfig.settings()
              .fromJson(Json.MAPPER.readTree(settings))
              .withGuidances(List.of(set.guidance())),
          set.guidance().rule().matchesMoments() ? Moments.of(set, model) : null);
    } catch (IOException e) {
      throw new UncheckedIOException("the sampler of " + set.directory() + " is not JSON", e);
    }
  }

  /**
   * Draws samples again.
   *
   * @return the results in the order of the ids
   * @throws IllegalArgumentException if the ledger does not have an id, or names another model,
   *     guidance direction or sampler
   */
  public List<Sample> samples(Collection<Long> sampleIds) {
    checkArgument(!sampleIds.isEmpty(), "sampleIds must name at least one sample");
    Set<Long> ids = new TreeSet<>(sampleIds);
    Map<Long, LedgerRecord> ledger = new TreeMap<>();
    Map<Long, SyntheticWindow> stored = new HashMap<>();
    read(ids, ledger, stored);
    List<Long> unknown = ids.stream().filter(id -> !ledger.containsKey(id)).toList();
    checkArgument(
        unknown.isEmpty(),
        "sampleIds must be in the ledger of %s, which has %s samples; it lacks %s",
        set.directory(),
        set.pool(),
        unknown.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "))
            + (unknown.size() > 10 ? ", ..." : ""));
    ledger.values().forEach(this::check);

    // One seed and guidance, unless a set was put together from others.
    record Same(long seed, String rule, double scale) {}
    Map<Same, List<LedgerRecord>> groups =
        ledger.values().stream()
            .collect(
                Collectors.groupingBy(
                    row -> new Same(row.seed(), row.guidanceRule(), row.guidanceScale())));
    Map<Long, Sample> results = new TreeMap<>();
    groups.forEach(
        (same, rows) -> {
          try (GuidedSampler networks = new GuidedSampler(model, sampler.withSeed(same.seed()));
              SoftLabeller labeller =
                  set.softLabels() == null
                      ? null
                      : new SoftLabeller(model, set.softLabels(), () -> Teacher.of(set))) {
            for (int from = 0; from < rows.size(); from += sampler.samplingBatch()) {
              List<LedgerRecord> batch =
                  rows.subList(from, Math.min(rows.size(), from + sampler.samplingBatch()));
              List<GuidedSampler.Drawn> drawn =
                  networks.draw(
                      steer(Guidance.Rule.of(same.rule()), same.scale()),
                      batch.stream().mapToInt(LedgerRecord::label).toArray(),
                      batch.stream().mapToLong(LedgerRecord::sampleId).toArray());
              List<SyntheticWindow> windows = windows(batch, drawn, labeller);
              for (int i = 0; i < drawn.size(); i++) {
                Sample result =
                    compare(
                        batch.get(i),
                        drawn.get(i),
                        windows.get(i),
                        stored.get(batch.get(i).sampleId()));
                results.put(result.sampleId(), result);
              }
            }
          }
        });
    return new ArrayList<>(results.values());
  }

  /** Returns the windows of drawn samples, with soft labels if the set has them. */
  private static List<SyntheticWindow> windows(
      List<LedgerRecord> rows, List<GuidedSampler.Drawn> drawn, @Nullable SoftLabeller labeller) {
    List<SyntheticWindow> windows = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      windows.add(drawn.get(i).window(rows.get(i).label()));
    }
    return labeller == null ? windows : labeller.label(windows);
  }

  private GuidedSampler.Steer steer(Guidance.Rule rule, double scale) {
    return new GuidedSampler.Steer(
        rule, scale, rule.matchesMoments() ? moments.tilt() : new float[0]);
  }

  /** Reads the records and windows of some ids, streaming over the set. */
  private void read(
      Set<Long> ids, Map<Long, LedgerRecord> ledger, Map<Long, SyntheticWindow> stored) {
    ArtefactDirectory files = set.files();
    for (String file : SyntheticWindows.checkedFiles(set, files)) {
      try (CloseableIterator<SyntheticWindow> windows = SyntheticWindows.read(set, files, file)) {
        windows.forEachRemaining(
            window -> {
              if (ids.contains(window.sampleId())) {
                stored.put(window.sampleId(), window);
              }
            });
      }
    }
    for (String file : SyntheticWindows.checkedLedgers(set, files)) {
      try (CloseableIterator<LedgerRecord> records = SyntheticWindows.readLedger(files, file)) {
        records.forEachRemaining(
            row -> {
              if (ids.contains(row.sampleId())) {
                ledger.put(row.sampleId(), row);
              }
            });
      }
    }
  }

  /** Checks that a sample was drawn with the model and the settings at hand. */
  private void check(LedgerRecord row) {
    checkArgument(
        row.modelId().equals(model.id()),
        "sample %s was drawn from the model %s, but the one in %s is %s",
        row.sampleId(),
        row.modelId(),
        model.directory(),
        model.id());
    checkArgument(
        row.guidanceSetHash()
            .equals(
                moments == null
                    ? model.guidanceHash(sampler.guidanceEpoch(model))
                    : moments.hash()),
        "sample %s was drawn with another guidance direction than that of the model in %s",
        row.sampleId(),
        model.directory());
    checkArgument(
        row.configurationHash().equals(sampler.samplerHash()),
        "sample %s was drawn with other settings of the sampler than those in %s",
        row.sampleId(),
        SyntheticSet.FILE);
    checkArgument(
        Objects.equals(
            row.softLabel(), set.softLabels() == null ? null : set.softLabels().ofSample()),
        "sample %s has a soft label of another teacher than that in %s",
        row.sampleId(),
        SyntheticSet.FILE);
  }

  private Sample compare(
      LedgerRecord row,
      GuidedSampler.Drawn drawn,
      SyntheticWindow window,
      @Nullable SyntheticWindow stored) {
    checkArgument(
        !row.kept() || stored != null,
        "the ledger of %s says that sample %s was kept, but it has no window",
        set.directory(),
        row.sampleId());
    List<String> differences = new ArrayList<>();
    if (stored != null && stored.label() != row.label()) {
      differences.add("label");
    }
    if (stored != null) {
      difference(stored.values(), drawn.values()).ifPresent(differences::add);
      if (!Arrays.equals(stored.mask(), drawn.mask())) {
        differences.add("mask");
      }
      if (!Arrays.equals(stored.statics(), drawn.statics())) {
        differences.add("static covariates");
      }
      if (!Arrays.equals(stored.probabilities(), window.probabilities())) {
        differences.add("soft label");
      }
    }
    if (Float.compare(drawn.influenceBefore(), row.influenceBefore()) != 0) {
      differences.add("influence before");
    }
    if (Float.compare(drawn.influenceAfter(), row.influenceAfter()) != 0) {
      differences.add("influence after");
    }
    if (!differences.isEmpty()) {
      return new Sample(row.sampleId(), Outcome.DIFFERENT, String.join(", ", differences), window);
    }
    return new Sample(
        row.sampleId(), row.kept() ? Outcome.SAME : Outcome.SAME_NOT_KEPT, null, window);
  }

  /** Returns where windows differ, without their values. */
  private Optional<String> difference(float[] stored, float[] drawn) {
    int first = Arrays.mismatch(stored, drawn);
    if (first < 0) {
      return Optional.empty();
    }
    int count = 0;
    for (int i = 0; i < stored.length; i++) {
      count += Float.compare(stored[i], drawn[i]) == 0 ? 0 : 1;
    }
    int channels = set.spec().channels().size();
    return Optional.of(
        String.format(
            "%d of %d values, the first at step %d of %s",
            count,
            stored.length,
            first / channels,
            set.spec().channels().get(first % channels).name()));
  }
}
