package io.tardiff.options;

import io.tardiff.settings.Labelled;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What an option takes, where its Java type does not say it.
 *
 * <p>With {@link #value} or {@link #constantsOf} only those words are accepted, several separated
 * by commas where it takes {@link Items#WORDS}; with {@link #form} alone the form is shown in the
 * help, and the configuration that takes the value checks it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Values {
  /** How many values an option takes: several are a list in a row, and commas on a command line. */
  enum Items {
    ONE,
    WORDS,
    NUMBERS
  }

  /** The words accepted. */
  String[] value() default {};

  /** An enum whose labels are the words accepted. */
  Class<? extends Labelled> constantsOf() default Labelled.class;

  Items items() default Items.ONE;

  /** How a value is written, such as {@code 60,20,20}. */
  String form() default "";
}
