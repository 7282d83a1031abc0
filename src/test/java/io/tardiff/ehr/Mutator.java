package io.tardiff.ehr;

import java.util.Random;

/** Corrupts texts at random, reproducibly for a seed. */
public final class Mutator {
  private static final String[] WORDS = {
    "",
    " ",
    "NULL",
    "NaN",
    "\\N",
    "-1",
    "0",
    "1e400",
    "999999999999999999999",
    "true",
    "2150-13-41",
    "\u0000",
    "\uFEFF",
    "\uD83D",
    "µ",
    "\"",
    "'",
    ",",
    ";",
    "\t",
    "[]",
    "{}",
    "null",
    "1.0",
    "\u200B"
  };

  private final Random random;

  public Mutator(long seed) {
    random = new Random(seed);
  }

  public int below(int bound) {
    return random.nextInt(bound);
  }

  /** Truncates, doubles, edits or replaces a text. */
  public String mutate(String text) {
    int at = text.isEmpty() ? 0 : below(text.length());
    return switch (below(8)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(at);
      case 2 -> text + text;
      case 3 -> text.substring(0, at) + WORDS[below(WORDS.length)] + text.substring(at);
      case 4 -> text.isEmpty() ? "x" : text.substring(0, at) + text.substring(at + 1);
      case 5 -> new StringBuilder(text).reverse().toString();
      case 6 -> text.substring(0, at) + (char) below(0x3000) + text.substring(at);
      default -> WORDS[below(WORDS.length)];
    };
  }

  /** Replaces one token of a JSON line, mostly such that it stays valid JSON. */
  public String mutateJson(String json) {
    String[] tokens = json.split("(?<=[,:\\[\\]{}])|(?=[,:\\[\\]{}])", -1);
    int at = below(tokens.length);
    String other = tokens[below(tokens.length)];
    tokens[at] =
        switch (below(5)) {
          case 0 -> other;
          case 1 -> "null";
          case 2 ->
              "\""
                  + mutate(tokens[at].replace("\"", "")).replaceAll("[\"\\\\\\p{Cntrl}]", "")
                  + "\"";
          case 3 -> "[" + tokens[at] + "]";
          default -> mutate(tokens[at]);
        };
    return String.join("", tokens);
  }
}
