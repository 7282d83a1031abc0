package io.tardiff.evaluation;

import java.io.Serializable;

/** From low to high, both included. */
record Range(double low, double high) implements Serializable {
  boolean contains(double value) {
    return value >= low && value <= high;
  }
}
