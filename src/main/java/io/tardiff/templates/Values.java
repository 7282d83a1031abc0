package io.tardiff.templates;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What may be written behind an option's {@code =}, where its Java type does not say it.
 *
 * <p>With {@link #value} or {@link #constantsOf} the launcher accepts those words only, several
 * separated by commas where the option is a {@link #list}; with {@link #form} alone it shows the
 * form in the help, and the configuration that takes the value checks it.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Values {
  /** The words accepted. */
  String[] value() default {};

  /** An enum whose constants, in lower case, are the words accepted. */
  Class<? extends Enum<?>> constantsOf() default None.class;

  /** Whether several words may be given, separated by commas. */
  boolean list() default false;

  /** How a value is written, such as {@code 60,20,20}. */
  String form() default "";

  /** No enum. */
  enum None {}
}
