package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;

/** Where the parsers put what a resource gives. */
interface Sink {

  void event(EhrEvent event);

  /**
   * Something cannot be read.
   *
   * @param source type of the resource
   * @param reason one of a small set, never with a value
   */
  void reject(String source, String reason);

  void skip(Skip why);

  /**
   * Which kinds of times a resource has.
   *
   * @param offsets of {@link Offsets}
   */
  void offsets(String subject, int offsets);
}
