package io.tardiff;

import static java.util.stream.Collectors.joining;
import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.is;

import io.tardiff.cohort.Cohort;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.signals.LabelledSeries;
import io.tardiff.ehr.table.TableParser;
import io.tardiff.ehr.table.TableRow;
import io.tardiff.evaluation.DownstreamTrainer;
import io.tardiff.generation.GenerationConfig;
import io.tardiff.synthetic.SyntheticSample;
import io.tardiff.synthetic.SyntheticSet;
import io.tardiff.training.TarDiffModel;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.apache.beam.sdk.Pipeline;
import org.apache.beam.sdk.io.jdbc.JdbcIO;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.Row;
import org.joda.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compiles the code in the Javadoc of the public API. */
public class JavadocTest {
  private static final Path SOURCES = Path.of("src/main/java");
  private static final Pattern SNIPPET =
      Pattern.compile("<pre>\\{@code\n(.*?)\n \\* \\}</pre>", Pattern.DOTALL);
  private static final Pattern TYPE =
      Pattern.compile("(?m)^public (?:abstract |final )*(?:class|interface|record|enum) (\\w+)");
  private static final Pattern IMPORT = Pattern.compile("(?m)^import (?!static).*;$");

  /** Imports that snippets do not have to show. */
  private static final String COMMON =
      Stream.of(
              "com.fasterxml.jackson.databind",
              "io.tardiff.cohort",
              "io.tardiff.diffusion",
              "io.tardiff.ehr",
              "io.tardiff.ehr.meds",
              "io.tardiff.ehr.mimic",
              "io.tardiff.ehr.physionet2012",
              "io.tardiff.ehr.table",
              "io.tardiff.evaluation",
              "io.tardiff.evaluation.report",
              "io.tardiff.files",
              "io.tardiff.generation",
              "io.tardiff.influence",
              "io.tardiff.selection",
              "io.tardiff.settings",
              "io.tardiff.synthetic",
              "io.tardiff.training",
              "java.util",
              "org.apache.beam.sdk.io",
              "org.apache.beam.sdk.io.jdbc",
              "org.apache.beam.sdk.transforms",
              "org.apache.beam.sdk.values",
              "org.joda.time")
          .map(name -> "import " + name + ".*;\n")
          .collect(joining());

  /** Variables that snippets use without declaring them. */
  public static class Given {
    protected Instant admission;
    protected PCollection<Row> chartEvents;
    protected Set<String> codes;
    protected PCollection<Cohort> cohort;
    protected String cohortDirectory;
    protected GenerationConfig config;
    protected JdbcIO.DataSourceConfiguration database;
    protected PCollection<EhrEvent> deaths;
    protected String directory;
    protected PCollectionTuple evaluated;
    protected PCollection<EhrEvent> events;
    protected String input;
    protected PCollection<Row> labRows;
    protected List<Integer> labels;
    protected String metricsJson;
    protected PCollection<TarDiffModel> model;
    protected String modelDirectory;
    protected String output;
    protected PCollection<Row> patientRows;
    protected Pipeline pipeline;
    protected String poolDirectory;
    protected PCollection<Row> rows;
    protected SyntheticSample sample;
    protected PCollectionView<Map<String, String>> sections;
    protected PCollection<LabelledSeries> series;
    protected SyntheticSet set;
    protected PCollection<SyntheticSet> sets;
    protected String synthetic;
    protected DownstreamTrainer trainer;
    protected PCollection<EhrEvent> visits;

    /** The parser in the Javadoc of {@link TableParser}. */
    public static final class OutputEvents extends TableParser {
      @Override
      public String table() {
        return "OUTPUTEVENTS";
      }

      @Override
      public List<String> requiredColumns() {
        return List.of();
      }

      @Override
      public void parse(TableRow row, Consumer<EhrEvent> events) {}
    }
  }

  /** The source of a type of the public API. */
  private record Documented(String name, String source) {
    List<String> snippets() {
      List<String> snippets = new ArrayList<>();
      Matcher matcher = SNIPPET.matcher(source.substring(0, typeAt()));
      while (matcher.find()) {
        snippets.add(matcher.group(1).replaceAll("(?m)^ \\* ?", ""));
      }
      return snippets;
    }

    boolean isTransformOrConfiguration() {
      String code = source.substring(typeAt());
      return code.lines().limit(2).collect(joining()).contains("extends PTransform")
          || code.contains("\n  public abstract static class Builder")
          || Pattern.compile("\n  public (?:final )?" + name + " with[A-Z]\\w*\\(")
              .matcher(code)
              .find();
    }

    private int typeAt() {
      Matcher type = TYPE.matcher(source);
      return type.find() ? type.start() : source.length();
    }
  }

  @Test
  void everyTransformAndConfigurationHasAnExample() throws IOException {
    List<String> missing =
        api().stream()
            .filter(Documented::isTransformOrConfiguration)
            .filter(type -> type.snippets().isEmpty())
            .map(Documented::name)
            .toList();
    assertThat("without <pre>{@code", missing, is(empty()));
  }

  @Test
  void examplesCompile(@TempDir Path classes) throws IOException {
    List<JavaFileObject> units = new ArrayList<>();
    for (Documented type : api()) {
      for (String snippet : type.snippets()) {
        units.add(unit(type, "Snippet" + units.size() + type.name(), snippet));
      }
    }
    assertThat(units.size(), is(greaterThan(40)));

    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> problems = new DiagnosticCollector<>();
    compiler
        .getTask(
            null,
            null,
            problems,
            List.of("-proc:none", "-Xlint:none", "-d", classes.toString()),
            null,
            units)
        .call();
    assertThat(
        problems.getDiagnostics().stream()
            .filter(problem -> problem.getKind() == Diagnostic.Kind.ERROR)
            .map(problem -> problem.getSource().getName() + ": " + problem.getMessage(Locale.ROOT))
            .collect(joining("\n")),
        is(""));
  }

  /**
   * Wraps a snippet in a class in another package, so that it compiles only against public types.
   */
  private static JavaFileObject unit(Documented type, String name, String snippet) {
    String packageName = type.source().substring("package ".length(), type.source().indexOf(';'));
    String imports =
        IMPORT
            .matcher(type.source())
            .results()
            .map(found -> found.group() + "\n")
            // Some are not public.
            .filter(found -> !found.startsWith("import " + packageName + "."))
            .collect(joining());
    String code =
        "package snippets;\n"
            + imports
            + COMMON
            + ("import " + packageName + ".*;\n")
            + "class "
            + name
            + " extends io.tardiff.JavadocTest.Given {\n  void snippet() throws Exception {\n"
            + snippet
            + "\n  }\n}\n";
    return new SimpleJavaFileObject(
        URI.create("string:///snippets/" + name + ".java"), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return code;
      }
    };
  }

  /** Returns the public API, which excludes the templates. */
  private static List<Documented> api() throws IOException {
    List<Documented> types = new ArrayList<>();
    try (Stream<Path> files = Files.walk(SOURCES)) {
      for (Path file :
          files
              .filter(path -> path.toString().endsWith(".java"))
              .filter(path -> !path.startsWith("src/main/java/io/tardiff/templates"))
              .sorted()
              .toList()) {
        String source = Files.readString(file);
        Matcher type = TYPE.matcher(source);
        if (type.find() && !isInternal(source) && !isInternal(packageOf(file))) {
          types.add(new Documented(type.group(1), source));
        }
      }
    }
    return types;
  }

  private static boolean isInternal(String source) {
    return source.contains("\n@Internal\n");
  }

  private static String packageOf(Path file) throws IOException {
    return Files.readString(file.resolveSibling("package-info.java"));
  }
}
