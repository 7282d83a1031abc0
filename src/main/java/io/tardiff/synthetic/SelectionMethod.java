package io.tardiff.synthetic;

import io.tardiff.settings.Labelled;

/** How the samples of a {@link SyntheticSet} were selected from its pool. */
public enum SelectionMethod implements Labelled {
  /** No selection: the first samples of the pool, which are a random part of it. */
  NONE,
  /** Kernel herding towards the real windows of each class. */
  HERDING;

  /** Returns the name of a set selected from the pool with the given name. */
  public String nameOf(String pool) {
    return this == NONE ? pool : pool + "-" + label();
  }

  /** Returns the title of a set selected from the pool with the given title. */
  public String titleOf(String pool) {
    return this == NONE ? pool : pool + ", " + label();
  }

  public static SelectionMethod of(String label) {
    return Labelled.of(SelectionMethod.class, "selection", label);
  }
}
