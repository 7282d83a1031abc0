package io.tardiff.ehr.omop;

import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/** UCUM spellings of the unit concepts of common measurements. */
final class Units {
  private static final Map<String, String> UCUM =
      Map.ofEntries(
          Map.entry("8876", "mm[Hg]"),
          Map.entry("8541", "/min"),
          Map.entry("8483", "{beats}/min"),
          Map.entry("4141207", "{breaths}/min"),
          Map.entry("586323", "Cel"),
          // The older concept of the same unit: OMOP's MIMIC-III conversion maps "deg. C" to it.
          Map.entry("8653", "Cel"),
          Map.entry("9289", "[degF]"),
          Map.entry("8554", "%"),
          Map.entry("8587", "mL"),
          Map.entry("8713", "g/dL"),
          Map.entry("8840", "mg/dL"),
          Map.entry("8753", "mmol/L"),
          Map.entry("9557", "meq/L"),
          Map.entry("8749", "umol/L"),
          Map.entry("8848", "10*3/uL"),
          Map.entry("8961", "10*3/mm3"),
          Map.entry("9444", "10*9/L"),
          Map.entry("8647", "/uL"),
          Map.entry("8784", "{cells}/uL"),
          Map.entry("8785", "/mm3"),
          Map.entry("8636", "g/L"),
          Map.entry("8519", "L"),
          Map.entry("9546", "m"),
          Map.entry("8504", "g"),
          Map.entry("8739", "[lb_av]"),
          Map.entry("8645", "U/L"),
          Map.entry("8923", "[IU]/L"),
          Map.entry("8523", "{ratio}"),
          Map.entry("44777566", "{score}"),
          Map.entry("9529", "kg"),
          Map.entry("8582", "cm"),
          Map.entry("9327", "[in_i]"));

  private Units() {}

  /** Returns the spelling; null for other concepts. */
  static @Nullable String spelling(String concept) {
    return UCUM.get(concept);
  }
}
