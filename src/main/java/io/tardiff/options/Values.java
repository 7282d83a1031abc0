package io.tardiff.options;

import io.tardiff.settings.Labelled;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares the values that an option accepts, beyond its Java type.
 *
 * <p>With {@link #value} or {@link #constantsOf}, only those words are accepted, or a
 * comma-separated list of them with {@link Items#WORDS}. With only {@link #form}, the form is shown
 * in the help and the configuration checks the value.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface Values {
  /**
   * Whether an option takes one or several values: several are a list in a row and comma-separated
   * on a command line.
   */
  enum Items {
    ONE,
    WORDS,
    NUMBERS
  }

  /** The accepted words. */
  String[] value() default {};

  /** An enum whose labels are the accepted words. */
  Class<? extends Labelled> constantsOf() default Labelled.class;

  Items items() default Items.ONE;

  /** How a value is written, such as {@code 60,20,20}. */
  String form() default "";
}
