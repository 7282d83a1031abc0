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
}
