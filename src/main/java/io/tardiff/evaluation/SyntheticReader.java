package io.tardiff.evaluation;

import io.tardiff.generation.SyntheticSet;
import io.tardiff.generation.SyntheticWindow;
import java.io.Serializable;
import java.util.List;

/** Reads all windows of a set, sorted by sample id. */
@FunctionalInterface
interface SyntheticReader extends Serializable {
  List<SyntheticWindow> read(SyntheticSet set);
}
