package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;

/** Receives what the parsers find in a resource. */
interface Sink {

  void event(EhrEvent event);

  /**
   * Reports something that cannot be read.
   *
   * @param source resource type
   * @param reason one of a small set of reasons, never with a value
   */
  void reject(String source, String reason);

  void skip(Skip why);

  /**
   * Reports whether the times of a subject's resource have UTC offsets.
   *
   * @param offsets flags of {@link Offsets}
   */
  void offsets(String subject, int offsets);
}
