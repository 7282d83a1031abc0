package io.tardiff;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.in;
import static org.hamcrest.Matchers.is;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.DoFn;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Enforces the dependencies between packages and some house rules. */
class ArchitectureTest {
  private static final String ROOT = "io.tardiff";
  private static final Path SOURCES = Path.of("src/main/java");

  /**
   * The packages that each package builds on. It may use these, and the packages they build on in
   * turn.
   */
  private static final Map<String, Set<String>> BUILDS_ON =
      Map.ofEntries(
          Map.entry("settings", Set.of()),
          Map.entry("progress", Set.of("settings")),
          Map.entry("files", Set.of("progress")),
          Map.entry("ehr", Set.of("progress", "files", "settings")),
          Map.entry("cohort", Set.of("ehr")),
          Map.entry("tensorflow", Set.of()),
          Map.entry("diffusion", Set.of("tensorflow", "settings")),
          Map.entry("influence", Set.of("tensorflow", "settings")),
          Map.entry("training", Set.of("cohort", "diffusion", "influence")),
          // No networks: reading and exporting a set needs none.
          Map.entry("synthetic", Set.of("cohort", "influence")),
          Map.entry("generation", Set.of("training", "synthetic")),
          Map.entry("selection", Set.of("generation")),
          Map.entry("evaluation", Set.of("selection")),
          Map.entry("options", Set.of("evaluation")),
          Map.entry("schematransforms", Set.of("options")));

  private static final Set<String> MATHEMATICS = Set.of("tensorflow", "diffusion", "influence");

  private static JavaClasses classes;

  @BeforeAll
  static void importClasses() {
    classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);
  }

  static Set<String> packages() {
    return BUILDS_ON.keySet();
  }

  private static Set<String> mayUse(String name) {
    Set<String> all = new TreeSet<>();
    for (String foundation : BUILDS_ON.get(name)) {
      all.add(foundation);
      all.addAll(mayUse(foundation));
    }
    return all;
  }

  private static String[] under(Set<String> names) {
    return names.stream().map(name -> ROOT + "." + name + "..").toArray(String[]::new);
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyAllowedPackages(String name) {
    classes()
        .that()
        .resideInAPackage(ROOT + "." + name + "..")
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage(ROOT + "..")
                .or(resideInAnyPackage(ROOT + "." + name + ".."))
                .or(resideInAnyPackage(under(mayUse(name)))))
        .allowEmptyShould(true)
        .check(classes);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(classes);
  }

  @Test
  void everyPackageIsKnown() throws IOException {
    try (Stream<Path> entries = Files.list(SOURCES.resolve("io/tardiff"))) {
      List<String> names = entries.map(path -> path.getFileName().toString()).toList();
      assertThat(names.isEmpty(), is(false));
      List<String> known = new ArrayList<>(BUILDS_ON.keySet());
      known.add("templates");
      assertThat(names, everyItem(is(in(known))));
    }
  }

  @Test
  void mathematicsDoesNotDependOnBeam() {
    noClasses()
        .that()
        .resideInAnyPackage(under(MATHEMATICS))
        .should()
        .dependOnClassesThat(
            resideInAPackage("org.apache.beam..")
                // An annotation without further dependencies on Beam.
                .and(not(type(Internal.class))))
        .check(classes);
  }

  private static boolean isInternal(JavaClass type) {
    return type.isAnnotatedWith(Internal.class)
        || type.getPackage().isAnnotatedWith(Internal.class)
        || type.getEnclosingClass().filter(ArchitectureTest::isInternal).isPresent();
  }

  /**
   * Whether a type is public API. The templates are not, because they are used from a command line.
   */
  private static boolean isApi(JavaClass type) {
    return type.getModifiers().contains(JavaModifier.PUBLIC)
        && type.getPackageName().startsWith(ROOT)
        && !type.getPackageName().startsWith(ROOT + ".templates")
        && !isInternal(type)
        && type.getEnclosingClass().map(ArchitectureTest::isApi).orElse(true);
  }

  @Test
  void publicSignaturesUseOnlyPublicTypes() {
    List<String> leaks = new ArrayList<>();
    for (JavaClass type : classes) {
      if (isApi(type)) {
        for (JavaMethod method : type.getMethods()) {
          if (method.getModifiers().contains(JavaModifier.PUBLIC)
              && !method.isAnnotatedWith(Internal.class)) {
            Stream.concat(
                    method.getRawParameterTypes().stream(), Stream.of(method.getRawReturnType()))
                .filter(named -> named.getPackageName().startsWith(ROOT) && !isApi(named))
                .forEach(
                    named -> leaks.add(method.getFullName() + " has " + named.getSimpleName()));
          }
        }
      }
    }
    assertThat(leaks, is(empty()));
  }

  @Test
  void samplesUseOnlyPublicTypes() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(Path.of("samples/java/io/tardiff/samples"))) {
      names = files.map(file -> file.getFileName().toString().replace(".java", "")).toList();
    }
    JavaClasses samples = new ClassFileImporter().importPackages(ROOT + ".samples");
    List<String> used = new ArrayList<>();
    List<String> wrong = new ArrayList<>();
    for (JavaClass sample : samples) {
      JavaClass outer = sample;
      while (outer.getEnclosingClass().isPresent()) {
        outer = outer.getEnclosingClass().get();
      }
      if (names.contains(outer.getSimpleName())) {
        used.add(outer.getSimpleName());
        sample.getDirectDependenciesFromSelf().stream()
            .map(dependency -> dependency.getTargetClass())
            .filter(
                target ->
                    target.getPackageName().startsWith("org.tensorflow")
                        || (target.getPackageName().startsWith(ROOT)
                            && !target.getPackageName().endsWith(".samples")
                            && !isApi(classes.get(target.getName()))))
            .forEach(target -> wrong.add(sample.getSimpleName() + " uses " + target.getName()));
      }
    }
    assertThat(used, hasItems(names.toArray(String[]::new)));
    assertThat(wrong, is(empty()));
  }

  /** Launchers and JobManagers build pipelines without TensorFlow. */
  @Test
  void pipelineConstructionDoesNotDependOnTensorFlow() {
    noClasses()
        .that()
        .resideInAnyPackage(
            under(
                Set.of(
                    "ehr",
                    "cohort",
                    "progress",
                    "synthetic",
                    "options",
                    "schematransforms",
                    "templates")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.tensorflow..", ROOT + ".tensorflow..")
        .check(classes);
  }

  /** Schema transforms only combine other transforms. */
  @Test
  void schemaTransformsUseNeitherFilesNorProgress() {
    noClasses()
        .that()
        .resideInAnyPackage(under(Set.of("schematransforms")))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(under(Set.of("progress", "files")))
        .check(classes);
  }

  @Test
  void doFnsAreNotPublic() {
    noClasses().that().areAssignableTo(DoFn.class).should().bePublic().check(classes);
  }

  @Test
  void staticFieldsAreFinal() {
    fields().that().areStatic().should().beFinal().check(classes);
  }

  @Test
  void onlyTheTemplatesPrint() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".templates..")
        .should(ACCESS_STANDARD_STREAMS)
        .check(classes);
  }

  @Test
  void everyPackageHasPackageInfo() throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES)) {
      List<Path> undocumented =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .map(Path::getParent)
              .distinct()
              .filter(directory -> !Files.exists(directory.resolve("package-info.java")))
              .toList();
      assertThat("packages without package-info.java", undocumented, is(empty()));
    }
  }

  @Test
  void everyPublicTypeHasJavadoc() throws IOException {
    Pattern documented =
        Pattern.compile(
            // A comment, then annotations, one of them with a list, then the type.
            "\\*/\\s+(@[^{]*?(?:\\{[^{}]*\\}[^{]*?)?\\s)?public (?:abstract |final |sealed |non-sealed )*"
                + "(?:class|interface|record|enum|@interface) ");
    Pattern type =
        Pattern.compile(
            "(?m)^public (?:abstract |final |sealed |non-sealed )*"
                + "(?:class|interface|record|enum|@interface) ");
    List<Path> undocumented = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        String source = Files.readString(file);
        if (type.matcher(source).find() && !documented.matcher(source).find()) {
          undocumented.add(file);
        }
      }
    }
    assertThat("public types without Javadoc", undocumented, is(empty()));
  }
}
