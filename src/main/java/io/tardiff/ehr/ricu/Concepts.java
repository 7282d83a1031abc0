package io.tardiff.ehr.ricu;

import io.tardiff.ehr.table.BadRowException;
import io.tardiff.ehr.table.Cells;
import io.tardiff.ehr.table.TableRow;
import java.util.Locale;
import java.util.Map;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * The time-dependent concepts of ricu with the units to which it converts them.
 *
 * @see <a href="https://github.com/eth-mds/ricu/tree/main/inst/extdata/config/concept-dict">ricu's
 *     concept dictionary</a>
 */
final class Concepts {
  /** Concepts without a unit have an empty one. */
  static final Map<String, String> UNITS =
      Map.ofEntries(
          // The 48 dynamic variables of YAIB.
          Map.entry("alb", "g/dL"),
          Map.entry("alp", "IU/L"),
          Map.entry("alt", "IU/L"),
          Map.entry("ast", "IU/L"),
          Map.entry("be", "mEq/L"),
          Map.entry("bicar", "mEq/L"),
          Map.entry("bili", "mg/dL"),
          Map.entry("bili_dir", "mg/dL"),
          Map.entry("bnd", "%"),
          Map.entry("bun", "mg/dL"),
          Map.entry("ca", "mg/dL"),
          Map.entry("cai", "mmol/L"),
          Map.entry("ck", "IU/L"),
          Map.entry("ckmb", "ng/mL"),
          Map.entry("cl", "mEq/L"),
          Map.entry("crea", "mg/dL"),
          Map.entry("crp", "mg/L"),
          Map.entry("dbp", "mmHg"),
          Map.entry("fgn", "mg/dL"),
          Map.entry("fio2", "%"),
          Map.entry("glu", "mg/dL"),
          Map.entry("hgb", "g/dL"),
          Map.entry("hr", "bpm"),
          Map.entry("inr_pt", ""),
          Map.entry("k", "mEq/L"),
          Map.entry("lact", "mmol/L"),
          Map.entry("lymph", "%"),
          Map.entry("map", "mmHg"),
          Map.entry("mch", "pg"),
          Map.entry("mchc", "%"),
          Map.entry("mcv", "fL"),
          Map.entry("methb", "%"),
          Map.entry("mg", "mg/dL"),
          Map.entry("na", "mEq/L"),
          Map.entry("neut", "%"),
          Map.entry("o2sat", "%"),
          Map.entry("pco2", "mmHg"),
          Map.entry("ph", ""),
          Map.entry("phos", "mg/dL"),
          Map.entry("plt", "K/uL"),
          Map.entry("po2", "mmHg"),
          Map.entry("ptt", "sec"),
          Map.entry("resp", "insp/min"),
          Map.entry("sbp", "mmHg"),
          Map.entry("temp", "C"),
          Map.entry("tnt", "ng/mL"),
          Map.entry("urine", "mL"),
          Map.entry("wbc", "K/uL"),
          // Others that users add.
          Map.entry("basos", "%"),
          Map.entry("egcs", ""),
          Map.entry("eos", "%"),
          Map.entry("esr", "mm/hr"),
          Map.entry("gcs", ""),
          Map.entry("hba1c", "%"),
          Map.entry("hct", "%"),
          Map.entry("mgcs", ""),
          Map.entry("pt", "sec"),
          Map.entry("rass", ""),
          Map.entry("tgcs", ""),
          Map.entry("vent_ind", ""),
          Map.entry("vgcs", ""));

  private Concepts() {}

  /** Returns the unit of a column; null if it has none or is no concept of ricu's. */
  static @Nullable String unit(String column) {
    String unit = UNITS.getOrDefault(column.toLowerCase(Locale.ROOT), "");
    return unit.isEmpty() ? null : unit;
  }

  /** Returns the number in a cell, 1 for true and 0 for false; null if nothing was measured. */
  static @Nullable Double number(TableRow row, String column) throws BadRowException {
    String text = row.text(column);
    if (text == null) {
      return null;
    }
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true" -> 1.0;
      case "false" -> 0.0;
      default -> Cells.number(row, column);
    };
  }
}
