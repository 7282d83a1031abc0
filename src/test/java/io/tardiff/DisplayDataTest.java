package io.tardiff;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.is;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tardiff.cohort.BuildCohort;
import io.tardiff.cohort.BuildSeriesCohort;
import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.CohortToEvents;
import io.tardiff.cohort.ExportCohort;
import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.ExtractWindows;
import io.tardiff.ehr.DeadLetterThreshold;
import io.tardiff.ehr.WriteDeadLetters;
import io.tardiff.ehr.eicu.Eicu;
import io.tardiff.ehr.fhir.FhirR4;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.mimic.Mimic4;
import io.tardiff.ehr.omop.Omop;
import io.tardiff.ehr.physionet2012.PhysioNet2012;
import io.tardiff.ehr.ricu.Ricu;
import io.tardiff.ehr.signals.Medformer;
import io.tardiff.ehr.signals.SeriesToEvents;
import io.tardiff.ehr.signals.TimeSeriesArchive;
import io.tardiff.ehr.simulated.SimulatedIcu;
import io.tardiff.ehr.table.ParseTable;
import io.tardiff.ehr.table.ReadAvroTable;
import io.tardiff.ehr.table.ReadParquetTable;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.Tables;
import io.tardiff.evaluation.EvaluateSyntheticEhr;
import io.tardiff.evaluation.Gate;
import io.tardiff.evaluation.report.WriteEvaluation;
import io.tardiff.generation.ExportSavedModels;
import io.tardiff.generation.GenerateSyntheticEhr;
import io.tardiff.selection.SelectForTarget;
import io.tardiff.synthetic.ExportSynthetic;
import io.tardiff.synthetic.ImportSynthetic;
import io.tardiff.synthetic.ReadSynthetic;
import io.tardiff.synthetic.SyntheticToEvents;
import io.tardiff.training.TrainModels;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks that transforms have display data for all of their settings. */
class DisplayDataTest {
  private static final String SHARED = "/data";

  /**
   * Fields without display data: the hundreds of codes of a cohort follow from its channels, and
   * the directories of MIMIC's tables and the size of the pieces of a file are not settings.
   */
  private static final Set<String> NOT_SHOWN = Set.of("codes", "piece", "subdirectories");

  /** Every public transform, with as many settings as possible. */
  static Stream<PTransform<?, ?>> transforms() {
    return Stream.of(
        DeadLetterThreshold.of(0.125),
        WriteDeadLetters.to(SHARED),
        Meds.read().from(SHARED).withLabels("labels/*.parquet"),
        Meds.write().to(SHARED).withTask("mortality").withName("set").withVersion("2"),
        Eicu.read().from(SHARED),
        Medformer.read().from(SHARED).withSplits(Medformer.Splits.PTB).withChannels(List.of("Fp1")),
        SeriesToEvents.atRate(62.5),
        TimeSeriesArchive.read()
            .from(SHARED)
            .withFormat(TimeSeriesArchive.Format.TS)
            .withClasses(List.of("rest", "seizure"))
            .withChannels(List.of("Fp1")),
        FhirR4.read().from(SHARED),
        FhirR4.parse().withStaysByTime(),
        Ricu.read().from(SHARED).withTimeUnit(Ricu.TimeUnit.MINUTES),
        Omop.read().from(SHARED).withIcuVisits(Set.of("32037")),
        Mimic4.read().from(SHARED),
        ReadTable.of(Mimic4.patients()).from(List.of("a.csv")),
        Tables.read().from(SHARED),
        ParseTable.with(Mimic4.patients()),
        ReadAvroTable.of(Mimic4.patients()).from(List.of("a.avro")),
        ReadParquetTable.of(Mimic4.patients()).from(List.of("a.parquet")),
        SimulatedIcu.of(123).withSeed(7),
        PhysioNet2012.read().from(SHARED),
        BuildCohort.to(SHARED),
        BuildSeriesCohort.to(
            SHARED, BuildSeriesCohort.config(List.of("Fp1"), 16, Duration.ofMillis(4), 2)),
        ExtractWindows.of(CohortConfig.defaults()),
        ExportCohort.as(Set.of(ExportFormat.NPY)),
        CohortToEvents.create(),
        TrainModels.to(SHARED),
        GenerateSyntheticEhr.to(SHARED),
        ExportSavedModels.to(SHARED),
        SelectForTarget.of("/model", "/cohort").to(SHARED),
        ImportSynthetic.from(SHARED).against("/cohort").to("/sets"),
        ReadSynthetic.samples(),
        SyntheticToEvents.create(),
        ExportSynthetic.as(Set.of(ExportFormat.NPY)),
        EvaluateSyntheticEhr.against(SHARED),
        WriteEvaluation.to(SHARED)
            .withChosenIn("/sets")
            .withGate(Gate.none().with(Gate.Bound.MAX_COPIES, 0)));
  }

  @Test
  void coversEveryPublicTransform() {
    Set<String> known =
        transforms().map(DisplayDataTest::type).map(Class::getName).collect(Collectors.toSet());
    List<String> missing =
        new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.tardiff")
                .stream()
                .filter(type -> type.isAssignableTo(PTransform.class))
                .filter(DisplayDataTest::isApi)
                .map(JavaClass::getName)
                .filter(name -> !known.contains(name))
                .toList();
    assertThat(missing, is(empty()));
  }

  private static boolean isApi(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.isAnnotatedWith(Internal.class)
        && type.getEnclosingClass().map(DisplayDataTest::isApi).orElse(true);
  }

  /** Returns the public class rather than the generated AutoValue class. */
  private static Class<?> type(PTransform<?, ?> transform) {
    Class<?> type = transform.getClass();
    return type.getSimpleName().startsWith("AutoValue_") ? type.getSuperclass() : type;
  }

  @ParameterizedTest
  @MethodSource("transforms")
  void showsEverySetting(PTransform<?, ?> transform) throws IllegalAccessException {
    Set<String> shown = new TreeSet<>();
    DisplayData.from(transform).items().forEach(item -> shown.add(item.getKey()));
    List<String> hidden = new ArrayList<>();
    hidden("", transform, shown, hidden);
    assertThat(shown.toString(), hidden, is(empty()));
  }

  private static void hidden(String prefix, Object value, Set<String> shown, List<String> hidden)
      throws IllegalAccessException {
    for (Class<?> type = value.getClass();
        type != PTransform.class && type != Object.class;
        type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        if (Modifier.isStatic(field.getModifiers()) || NOT_SHOWN.contains(field.getName())) {
          continue;
        }
        field.setAccessible(true);
        Object held = field.get(value);
        if (held == null) {
          continue;
        }
        if (isConfiguration(held)) {
          hidden(
              field.getName().equals("config") ? prefix : prefix + field.getName() + ".",
              held,
              shown,
              hidden);
        } else if (isSimple(held) && !shown.contains(prefix + field.getName())) {
          hidden.add(prefix + field.getName());
        }
      }
    }
  }

  /** CohortConfig chooses its display data itself. */
  private static boolean isConfiguration(Object value) {
    return value.getClass().getSimpleName().startsWith("AutoValue_")
        && !(value instanceof CohortConfig);
  }

  private static boolean isSimple(Object value) {
    return value instanceof Collection<?> all
        ? all.stream().allMatch(DisplayDataTest::isSimple)
        : value instanceof String
            || value instanceof Number
            || value instanceof Boolean
            || value instanceof Character
            || value instanceof Enum<?>
            || value instanceof Duration;
  }
}
