package io.tardiff.synthetic;

import io.tardiff.settings.Labelled;

/** How the samples of a {@link SyntheticSet} were selected from those that were drawn. */
public enum SelectionMethod implements Labelled {
  /** The first of the pool, which is as good as a random part. */
  NONE,
  /** Kernel herding towards the real windows of the class. */
  HERDING;

  /** The name of a set that was selected from the pool of that name. */
  public String nameOf(String pool) {
    return this == NONE ? pool : pool + "-" + label();
  }

  /** The title of a set that was selected from the pool of that title. */
  public String titleOf(String pool) {
    return this == NONE ? pool : pool + ", " + label();
  }

  public static SelectionMethod of(String label) {
    return Labelled.of(SelectionMethod.class, "selection", label);
  }
}
