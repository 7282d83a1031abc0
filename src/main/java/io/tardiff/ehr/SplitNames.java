package io.tardiff.ehr;

import com.google.common.base.Ascii;
import com.google.common.base.CharMatcher;
import com.google.common.collect.ImmutableSet;
import java.util.Map;
import java.util.Set;
import org.apache.beam.sdk.annotations.Internal;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Names of the splits (train, tuning, held_out) and their synonyms in other tools. */
@Internal
public final class SplitNames {
  public static final String TRAIN = "train";
  public static final String TUNING = "tuning";
  public static final String HELD_OUT = "held_out";

  /** All splits, in their usual order. */
  public static final Set<String> ALL = ImmutableSet.of(TRAIN, TUNING, HELD_OUT);

  private static final Map<String, String> SYNONYMS =
      Map.ofEntries(
          Map.entry("train", TRAIN),
          Map.entry("training", TRAIN),
          Map.entry("tuning", TUNING),
          Map.entry("tune", TUNING),
          Map.entry("val", TUNING),
          Map.entry("valid", TUNING),
          Map.entry("validation", TUNING),
          Map.entry("validate", TUNING),
          Map.entry("dev", TUNING),
          Map.entry("development", TUNING),
          Map.entry("heldout", HELD_OUT),
          Map.entry("holdout", HELD_OUT),
          Map.entry("test", HELD_OUT),
          Map.entry("testing", HELD_OUT));

  private SplitNames() {}

  /** Returns the normalised synonyms of all splits. */
  public static Set<String> known() {
    return SYNONYMS.keySet();
  }

  /**
   * Returns the split that a word names, in any case and with or without separators; null if none.
   */
  public static @Nullable String of(String word) {
    return SYNONYMS.get(CharMatcher.anyOf("_- ").removeFrom(Ascii.toLowerCase(word.trim())));
  }
}
