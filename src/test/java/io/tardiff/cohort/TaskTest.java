package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TaskTest {
  @TempDir Path directory;

  @Test
  void builtInTasksAreNamedAsTheirFiles() {
    for (String name : Task.names()) {
      Task task = Task.named(name);
      assertThat(task.name(), is(name));
      assertThat(task.description(), is(not("")));
    }
  }

  @Test
  void fileSetsEveryField() throws Exception {
    Task task =
        Task.named(
            write(
                """
                name: late_decompensation
                anchor: ICU_ADMISSION
                start: 6h
                observation: 1d
                step: 30m
                gap: 2h
                every: 12h
                minimum_stay: 2.5d
                minimum_age: 18
                first_stay_only: true
                label: {rule: event, codes: [MEDS_DEATH, "42"], within: 24h, at_least: 0.5}
                """));
    assertThat(task.start(), is(Duration.ofHours(6)));
    assertThat(task.observation(), is(Duration.ofHours(24)));
    assertThat(task.step(), is(Duration.ofMinutes(30)));
    assertThat(task.gap(), is(Duration.ofHours(2)));
    assertThat(task.minimumStay(), is(Duration.ofHours(60)));
    assertThat(task.minimumAge(), is(18.0));
    assertThat(task.firstStayOnly(), is(true));
    assertThat(task.label().atLeast(), is(0.5));
    assertThat(task.label().codes().get(1), is("42"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'{label: {rule: mortality}}'|field name is missing",
        "'{name: x}'|field label is missing",
        "'{name: x, anchr: y, label: {rule: mortality}}'|field anchr is unknown",
        "'{name: x, label: {rule: death}}'|rule must be mortality, outcome",
        "'{name: x, label: {rule: outcome}}'|field code is missing",
        "'{name: x, label: {rule: outcome, code: A, classes: 1}}'|classes must be at least 2",
        "'{name: x, label: {rule: length_of_stay, over: [3d, 2d]}}'|over must ascend",
        "'{name: x, label: {rule: event, codes: [A]}}'|field within is missing",
        "'{name: x, observation: 2 days, label: {rule: mortality}}'|must be a duration such as 48h",
        "'{name: x, observation: 90m, label: {rule: mortality}}'|whole number of steps",
        "'{name: x, first_stay_only: maybe, label: {rule: mortality}}'|must be true or false",
        "'{name: x, anchor: LABEL, label: {rule: mortality}}'|rule is outcome, was mortality",
        "'{name: x, minimum_age: old, label: {rule: mortality}}'|minimum_age must be a number"
      })
  void errorsNameTheField(String text, String message) throws Exception {
    String file = write(text);
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Task.named(file)).getMessage(),
        allOf(containsString(file), containsString(message)));
  }

  @Test
  void taskBuiltInJavaEqualsThatOfItsFile() throws Exception {
    Task task =
        Task.builder()
            .setName("late_death")
            .setStart(Duration.ofHours(6))
            .setObservation(Duration.ofDays(1))
            .setEvery(Duration.ofHours(12))
            .setLabel(LabelRule.event(List.of("MEDS_DEATH"), Duration.ofDays(2), null))
            .build();
    assertThat(
        task,
        is(
            Task.named(
                write(
                    """
                    name: late_death
                    start: 6h
                    observation: 1d
                    every: 12h
                    label: {rule: event, codes: [MEDS_DEATH], within: 2d}
                    """))));
  }

  static Stream<Arguments> wrongDurations() {
    return Stream.of(
        arguments(
            draft().setStep(Duration.ofNanos(1)),
            "fields observation and step must be positive, were PT48H and PT0.000000001S"),
        arguments(
            draft().setObservation(Duration.ofHours(-1)),
            "fields observation and step must be positive, were PT-1H and PT1H"),
        arguments(
            draft().setGap(Duration.ofHours(-1)),
            "fields start and gap must not be negative, were PT0S and PT-1H"),
        arguments(
            draft().setEvery(Duration.ofHours(-1)), "field every must be positive, was PT-1H"));
  }

  private static Task.Builder draft() {
    return Task.builder().setName("x").setLabel(LabelRule.mortality());
  }

  @ParameterizedTest
  @MethodSource("wrongDurations")
  void negativeOrZeroDurationsAreRejected(Task.Builder task, String message) {
    assertThat(assertThrows(IllegalArgumentException.class, task::build).getMessage(), is(message));
  }

  @Test
  void unknownNameListsTheValidOnes() {
    assertThat(
        assertThrows(IllegalArgumentException.class, () -> Task.named("mortality")).getMessage(),
        allOf(containsString("in_hospital_mortality, icu_stay"), containsString("was mortality")));
  }

  private String write(String text) throws Exception {
    Path file = directory.resolve("task.yaml");
    Files.writeString(file, text);
    return file.toString();
  }
}
