package io.tardiff.cohort;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.auto.value.AutoValue;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.files.Json;
import io.tardiff.files.Yaml;
import io.tardiff.settings.InvalidSettingException;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.checkerframework.checker.nullness.qual.Nullable;

/**
 * Defines what is predicted from which part of a stay: anchor, observation window, gap and label
 * rule.
 *
 * <pre>
 * anchor       start         start + observation = prediction time     + gap         + within
 *   |------------|==== steps of the window ====|------------------------|--- label ---|
 * </pre>
 *
 * <p>Some tasks are built in ({@link #names()}). Others are defined in Java
 *
 * <pre>{@code
 * Task stay = Task.named("icu_stay");
 * Task deterioration =
 *     Task.builder()
 *         .setName("deterioration")
 *         .setObservation(Duration.ofHours(24))
 *         .setEvery(Duration.ofHours(12))
 *         .setLabel(LabelRule.event(List.of(EhrEvent.DEATH), Duration.ofHours(24), null))
 *         .build();
 * CohortConfig config = CohortConfig.defaults().withTask(deterioration);
 * }</pre>
 *
 * <p>or in a YAML file, for {@code Task.named("gs://bucket/task.yaml")}:
 *
 * <pre>
 * name: decompensation
 * anchor: ICU_ADMISSION       # event that begins a stay; LABEL: windows end at the source's labels
 * end: ICU_DISCHARGE          # event that ends it
 * start: 0h                   # from the anchor to the window
 * observation: 24h            # length of the window
 * step: 1h
 * closed_end: false           # whether an observation at the prediction time counts
 * gap: 0h
 * every: 12h                  # rolling windows; omit for one window per stay
 * minimum_stay: 24h           # if the end of the stay is known
 * minimum_age: 18             # in years; unknown ages are kept
 * first_stay_only: false
 * label: {rule: event, codes: [MEDS_DEATH], within: 24h}
 * </pre>
 *
 * <p>Windows whose prediction time lies after the outcome or the end of the stay are dropped, since
 * the label must be unknown when it is predicted. Durations are a number followed by d, h, m or s.
 */
@AutoValue
public abstract class Task implements Serializable {
  private static final List<String> BUILT_IN =
      List.of(
          "in_hospital_mortality",
          "icu_stay",
          "decompensation",
          "sepsis_onset",
          "hospital_mortality",
          "source_label",
          "stay_label");

  private static final List<String> FIELDS =
      List.of(
          "name",
          "description",
          "anchor",
          "end",
          "start",
          "observation",
          "step",
          "closed_end",
          "gap",
          "every",
          "minimum_stay",
          "minimum_age",
          "first_stay_only",
          "label");
  private static final List<String> LABEL_FIELDS =
      List.of("rule", "code", "codes", "classes", "over", "within", "at_least");

  private static final Pattern DURATION = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,6})?) ?([dhms])");

  public abstract String name();

  public abstract String description();

  /**
   * Code of the event that begins a stay, or {@link EhrEvent#LABEL} for windows that end at the
   * source's labels.
   */
  public abstract String anchor();

  /** Code of the event that ends a stay. */
  public abstract String end();

  /** Time from the anchor to the start of the window. */
  public abstract Duration start();

  /** Length of the window, unless the {@link CohortConfig} sets the number of steps. */
  public abstract Duration observation();

  /** Length of a step, unless the {@link CohortConfig} sets it. */
  public abstract Duration step();

  /** Whether an observation at the prediction time itself belongs to the last step. */
  public abstract boolean closedEnd();

  /** Time from the prediction time to the start of the label's period. */
  public abstract Duration gap();

  /** Time from one window of a stay to the next; null for one window per stay. */
  public abstract @Nullable Duration every();

  public abstract @Nullable Duration minimumStay();

  public abstract @Nullable Double minimumAge();

  public abstract boolean firstStayOnly();

  public abstract LabelRule label();

  /** Number of classes K. */
  public final int classes() {
    return label().classes();
  }

  /** Whether windows end at the labels that the source gives. */
  final boolean endsAtLabels() {
    return anchor().equals(EhrEvent.LABEL);
  }

  /** Returns the names of the built-in tasks. */
  public static List<String> names() {
    return BUILT_IN;
  }

  /**
   * Returns the task of predicting death in hospital (1) or discharge alive (0) from the first 48
   * hours in the unit.
   */
  public static Task inHospitalMortality() {
    return builtIn("in_hospital_mortality");
  }

  /**
   * Returns a task with one window per stay, whose class is the value of the stay's event of code
   * {@code outcomeCode}.
   */
  public static Task of(String name, String outcomeCode, int classes) {
    checkArgument(!name.isEmpty(), "name must not be empty");
    return builder()
        .setName(name)
        .setClosedEnd(true)
        .setLabel(LabelRule.outcome(outcomeCode, classes))
        .build();
  }

  /**
   * Returns a built-in task by name, or reads a task from a YAML file on any Beam file system.
   *
   * @throws IllegalArgumentException if there is no such task or the file is invalid, naming the
   *     field
   */
  public static Task named(String nameOrFile) {
    if (BUILT_IN.contains(nameOrFile)) {
      return builtIn(nameOrFile);
    }
    InvalidSettingException.check(
        nameOrFile.endsWith(".yaml") || nameOrFile.endsWith(".yml"),
        "task",
        nameOrFile,
        "must be one of %s, or a .yaml file",
        String.join(", ", BUILT_IN));
    try {
      return parse(Yaml.read(nameOrFile, "task"));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(nameOrFile + ": " + e.getMessage(), e);
    }
  }

  private static Task builtIn(String name) {
    return parse(Yaml.resource(Task.class, "tasks/" + name + ".yaml"));
  }

  /**
   * Returns a builder with the defaults of the YAML form: the first 48 hours in the unit, hourly.
   * Name and label are required.
   */
  public static Builder builder() {
    return new AutoValue_Task.Builder()
        .setDescription("")
        .setAnchor(EhrEvent.ADMISSION)
        .setEnd(EhrEvent.DISCHARGE)
        .setStart(Duration.ZERO)
        .setObservation(Duration.ofHours(48))
        .setStep(Duration.ofHours(1))
        .setClosedEnd(false)
        .setGap(Duration.ZERO)
        .setFirstStayOnly(false);
  }

  private static Task parse(JsonNode json) {
    Yaml.checkFields(json, FIELDS);
    Builder task = builder().setName(Json.text(json, "name"));
    if (json.has("description")) {
      task.setDescription(Json.text(json, "description"));
    }
    if (json.has("anchor")) {
      task.setAnchor(Json.text(json, "anchor"));
    }
    if (json.has("end")) {
      task.setEnd(Json.text(json, "end"));
    }
    task.setStart(duration(json, "start", Duration.ZERO));
    task.setObservation(duration(json, "observation", Duration.ofHours(48)));
    task.setStep(duration(json, "step", Duration.ofHours(1)));
    task.setClosedEnd(flag(json, "closed_end"));
    task.setGap(duration(json, "gap", Duration.ZERO));
    task.setEvery(duration(json, "every", null));
    task.setMinimumStay(duration(json, "minimum_stay", null));
    if (json.has("minimum_age")) {
      task.setMinimumAge(number(json, "minimum_age"));
    }
    task.setFirstStayOnly(flag(json, "first_stay_only"));
    task.setLabel(label(Json.field(json, "label")));
    return task.build();
  }

  private static LabelRule label(JsonNode json) {
    Yaml.checkFields(json, LABEL_FIELDS);
    return switch (LabelRule.Kind.of(Json.text(json, "rule"))) {
      case MORTALITY -> LabelRule.mortality();
      case OUTCOME ->
          LabelRule.outcome(
              Json.text(json, "code"), json.has("classes") ? Json.integer(json, "classes") : 2);
      case LENGTH_OF_STAY -> {
        List<Duration> over = new ArrayList<>();
        for (JsonNode threshold : Json.array(json, "over")) {
          over.add(duration("over", threshold.asText()));
        }
        yield LabelRule.lengthOfStay(over);
      }
      case EVENT -> {
        List<String> codes = new ArrayList<>();
        Json.array(json, "codes").forEach(code -> codes.add(code.asText()));
        Json.field(json, "within");
        yield LabelRule.event(
            codes,
            duration(json, "within", null),
            json.has("at_least") ? (Double) number(json, "at_least") : null);
      }
    };
  }

  private static double number(JsonNode json, String field) {
    JsonNode value = json.get(field);
    checkArgument(value.isNumber(), "field %s must be a number, was %s", field, value);
    return value.asDouble();
  }

  private static boolean flag(JsonNode json, String field) {
    JsonNode value = json.get(field);
    checkArgument(
        value == null || value.isBoolean(), "field %s must be true or false, was %s", field, value);
    return value != null && value.asBoolean();
  }

  private static @Nullable Duration duration(
      JsonNode json, String field, @Nullable Duration standard) {
    return json.has(field) ? duration(field, json.get(field).asText()) : standard;
  }

  /** Parses a duration such as {@code 2d}, {@code 48h}, {@code 30m} or {@code 10s}. */
  private static Duration duration(String field, String text) {
    Matcher matcher = DURATION.matcher(text);
    checkArgument(
        matcher.matches(),
        "field %s must be a duration such as 48h, 30m or 2d, was %s",
        field,
        text);
    long seconds =
        switch (matcher.group(2)) {
          case "d" -> 86_400;
          case "h" -> 3_600;
          case "m" -> 60;
          default -> 1;
        };
    return Duration.ofMillis(Math.round(Double.parseDouble(matcher.group(1)) * seconds * 1000));
  }

  /** Returns the form used in {@code cohort.json}; durations are ISO 8601. */
  final ObjectNode toJson() {
    ObjectNode json = Json.MAPPER.createObjectNode();
    json.put("name", name());
    json.put("anchor", anchor());
    json.put("end", end());
    json.put("start", start().toString());
    json.put("closed_end", closedEnd());
    json.put("gap", gap().toString());
    json.put("every", every() == null ? null : every().toString());
    json.put("minimum_stay", minimumStay() == null ? null : minimumStay().toString());
    json.put("minimum_age", minimumAge());
    json.put("first_stay_only", firstStayOnly());
    ObjectNode label = json.putObject("label");
    label.put("rule", label().kind().label());
    label.put("classes", label().classes());
    ArrayNode codes = label.putArray("codes");
    label().codes().forEach(codes::add);
    ArrayNode over = label.putArray("over");
    label().thresholds().forEach(threshold -> over.add(threshold.toString()));
    label.put("within", label().within() == null ? null : label().within().toString());
    label.put("at_least", label().atLeast());
    return json;
  }

  /** Builder of {@link Task}. */
  @AutoValue.Builder
  public abstract static class Builder {
    public abstract Builder setName(String name);

    public abstract Builder setDescription(String description);

    public abstract Builder setAnchor(String anchor);

    public abstract Builder setEnd(String end);

    public abstract Builder setStart(Duration start);

    public abstract Builder setObservation(Duration observation);

    public abstract Builder setStep(Duration step);

    public abstract Builder setClosedEnd(boolean closedEnd);

    public abstract Builder setGap(Duration gap);

    public abstract Builder setEvery(@Nullable Duration every);

    public abstract Builder setMinimumStay(@Nullable Duration minimumStay);

    public abstract Builder setMinimumAge(@Nullable Double minimumAge);

    public abstract Builder setFirstStayOnly(boolean firstStayOnly);

    public abstract Builder setLabel(LabelRule label);

    abstract Task autoBuild();

    /**
     * Builds the task.
     *
     * @throws IllegalArgumentException if a field is invalid, naming it, its value and what is
     *     valid
     */
    public Task build() {
      Task task = autoBuild();
      checkArgument(!task.name().isEmpty(), "field name must not be empty");
      checkArgument(!task.anchor().isEmpty(), "field anchor must not be empty");
      checkArgument(
          isPositive(task.observation()) && isPositive(task.step()),
          "fields observation and step must be positive, were %s and %s",
          task.observation(),
          task.step());
      checkArgument(
          !task.start().isNegative() && !task.gap().isNegative(),
          "fields start and gap must not be negative, were %s and %s",
          task.start(),
          task.gap());
      checkArgument(
          task.observation().toMillis() % task.step().toMillis() == 0,
          "field observation must be a whole number of steps, was %s at a step of %s",
          task.observation(),
          task.step());
      checkArgument(
          task.every() == null || isPositive(task.every()),
          "field every must be positive, was %s",
          task.every());
      checkArgument(
          !task.endsAtLabels() || task.label().kind() == LabelRule.Kind.OUTCOME,
          "field anchor can be LABEL only if the label's rule is outcome, was %s",
          task.label().kind().label());
      checkArgument(
          !task.endsAtLabels() || task.every() == null,
          "field every must be omitted if the anchor is LABEL");
      return task;
    }

    private static boolean isPositive(Duration duration) {
      return duration.toMillis() > 0;
    }
  }
}
