package io.tardiff.ehr.fhir;

import io.tardiff.ehr.EhrEvent;
import java.util.ArrayList;
import java.util.List;

/** Collects the results of parsing in order. */
final class Collected implements Sink {
  final List<EhrEvent> events = new ArrayList<>();
  final List<String> rejects = new ArrayList<>();
  final List<Skip> skips = new ArrayList<>();
  int offsets = Offsets.NONE;

  static Collected of(String json) {
    return of(Settings.defaults(), json);
  }

  static Collected of(Settings settings, String json) {
    Collected collected = new Collected();
    new ResourceParser(settings).parse(json, collected);
    return collected;
  }

  @Override
  public void event(EhrEvent event) {
    events.add(event);
  }

  @Override
  public void reject(String source, String reason) {
    rejects.add(source + ": " + reason);
  }

  @Override
  public void skip(Skip why) {
    skips.add(why);
  }

  @Override
  public void offsets(String subject, int kinds) {
    offsets |= kinds;
  }

  /** Returns the events as {@code code=number 'text' unit}. */
  List<String> values() {
    return events.stream().map(Collected::value).toList();
  }

  List<String> timed() {
    return events.stream().map(event -> event.getCode() + "@" + event.getTime()).toList();
  }

  private static String value(EhrEvent event) {
    StringBuilder value = new StringBuilder(event.getCode()).append('=');
    if (event.getNumericValue() != null) {
      value.append(event.getNumericValue());
    }
    if (event.getTextValue() != null) {
      value.append(" '").append(event.getTextValue()).append('\'');
    }
    if (event.getUnit() != null) {
      value.append(' ').append(event.getUnit());
    }
    return value.toString();
  }
}
