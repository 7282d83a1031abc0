package io.tardiff.files.npy;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The header of an array: a Python dictionary literal, of which only the forms that NumPy writes
 * are parsed.
 *
 * @param type type of the values
 * @param bigEndian whether values are big-endian
 * @param shape lengths of the dimensions
 */
record NpyHeader(Npy.Type type, boolean bigEndian, long[] shape) {
  private static final String MALFORMED = "header of the array is malformed";

  /** Number of values. {@link Parser} checks that their bytes fit in a long. */
  long size() {
    long size = 1;
    for (long dimension : shape) {
      size *= dimension;
    }
    return size;
  }

  static NpyHeader parse(String text) throws NpyFormatException {
    return new Parser(text).header();
  }

  private static final class Parser {
    private final String text;
    private int at;

    Parser(String text) {
      this.text = text;
    }

    NpyHeader header() throws NpyFormatException {
      String descriptor = null;
      Boolean fortran = null;
      long[] shape = null;
      Set<String> seen = new HashSet<>();
      expect('{');
      while (!accept('}')) {
        String key = quoted();
        expect(':');
        check(seen.add(key));
        switch (key) {
          case "descr" -> {
            // A list is a record type.
            if (peek() == '[') {
              throw new NpyFormatException("values of the array are not numbers of a known type");
            }
            descriptor = quoted();
          }
          case "fortran_order" -> fortran = flag();
          case "shape" -> shape = tuple();
          default -> throw new NpyFormatException(MALFORMED);
        }
        if (!accept(',')) {
          expect('}');
          break;
        }
      }
      check(peek() == 0 && descriptor != null && fortran != null && shape != null);
      Npy.Type type = Npy.type(descriptor);
      boolean empty = false;
      for (long dimension : shape) {
        empty |= dimension == 0;
      }
      if (!empty) {
        checkSize(shape, type);
      }
      // Vectors, scalars and empty arrays are the same in both orders.
      if (fortran && shape.length > 1 && !empty) {
        throw new NpyFormatException("array is in Fortran order; save it in C order");
      }
      return new NpyHeader(type, descriptor.charAt(0) == '>', shape);
    }

    private static void checkSize(long[] shape, Npy.Type type) throws NpyFormatException {
      try {
        long bytes = type.bytes();
        for (long dimension : shape) {
          bytes = Math.multiplyExact(bytes, dimension);
        }
      } catch (ArithmeticException e) {
        throw new NpyFormatException("shape of the array is too large");
      }
    }

    private boolean flag() throws NpyFormatException {
      peek();
      for (boolean value : new boolean[] {true, false}) {
        String name = value ? "True" : "False";
        if (text.startsWith(name, at)) {
          at += name.length();
          return value;
        }
      }
      throw new NpyFormatException(MALFORMED);
    }

    private long[] tuple() throws NpyFormatException {
      List<Long> numbers = new ArrayList<>();
      expect('(');
      while (!accept(')')) {
        numbers.add(number());
        check(numbers.size() <= Npy.rankLimit());
        if (!accept(',')) {
          expect(')');
          break;
        }
      }
      return numbers.stream().mapToLong(Long::longValue).toArray();
    }

    private long number() throws NpyFormatException {
      peek();
      int start = at;
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      check(at > start);
      long number;
      try {
        number = Long.parseLong(text.substring(start, at));
      } catch (NumberFormatException e) {
        throw new NpyFormatException("shape of the array is too large");
      }
      // Python 2 suffixed long integers.
      accept('L');
      return number;
    }

    private String quoted() throws NpyFormatException {
      char quote = peek();
      check(quote == '\'' || quote == '"');
      int end = text.indexOf(quote, at + 1);
      check(end > 0);
      String content = text.substring(at + 1, end);
      check(content.indexOf('\\') < 0);
      at = end + 1;
      return content;
    }

    private void expect(char c) throws NpyFormatException {
      check(accept(c));
    }

    private boolean accept(char c) {
      if (peek() == c) {
        at++;
        return true;
      }
      return false;
    }

    /** Skips whitespace and returns the next character, or 0 at the end. */
    private char peek() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
      return at < text.length() ? text.charAt(at) : 0;
    }

    private static void check(boolean ok) throws NpyFormatException {
      if (!ok) {
        throw new NpyFormatException(MALFORMED);
      }
    }
  }
}
