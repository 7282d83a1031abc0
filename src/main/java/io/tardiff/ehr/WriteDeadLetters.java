package io.tardiff.ehr;

import static com.google.common.base.Preconditions.checkArgument;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.apache.beam.sdk.io.FileSystems;
import org.apache.beam.sdk.io.TextIO;
import org.apache.beam.sdk.io.fs.ResolveOptions.StandardResolveOptions;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.Values;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes the dead letters, counted by source, line and reason, as JSON lines to {@code
 * <directory>/dead-letter/dead-letters.jsonl}. The file is empty if there are none.
 *
 * <pre>
 * {"source":"Outcomes-a.txt","line":17,"reason":"In-hospital_death is not 0 or 1","count":1}
 * {"source":"record file","reason":"value is not a number","count":12}
 * </pre>
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from(input));
 * PCollection<String> file =
 *     read.get(EhrTags.deadLetters()).apply(WriteDeadLetters.to("gs://bucket/run"));
 * }</pre>
 *
 * <p>The output is the path of the file, once it is written.
 */
public final class WriteDeadLetters
    extends PTransform<PCollection<DeadLetter>, PCollection<String>> {
  private static final long serialVersionUID = 1L;

  private final String directory;

  private WriteDeadLetters(String directory) {
    this.directory = directory;
  }

  /** Writes below {@code directory}, on any Beam file system. */
  public static WriteDeadLetters to(String directory) {
    checkArgument(!directory.isEmpty(), "directory must not be empty");
    return new WriteDeadLetters(directory);
  }

  @Override
  public PCollection<String> expand(PCollection<DeadLetter> letters) {
    return letters
        .apply("Count", Count.perElement())
        .apply("To JSON", MapElements.into(TypeDescriptors.strings()).via(WriteDeadLetters::toJson))
        .apply(
            "Write",
            TextIO.write()
                .to(
                    FileSystems.matchNewResource(directory, /* isDirectory= */ true)
                        .resolve("dead-letter", StandardResolveOptions.RESOLVE_DIRECTORY)
                        .resolve("dead-letters", StandardResolveOptions.RESOLVE_FILE))
                .withSuffix(".jsonl")
                .withoutSharding()
                .withOutputFilenames())
        .getPerDestinationOutputFilenames()
        .apply("File", Values.create());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("directory", directory).withLabel("Output directory"));
  }

  private static String toJson(KV<DeadLetter, Long> counted) {
    DeadLetter letter = counted.getKey();
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("source", letter.getSource());
    if (letter.getLine() != null) {
      json.put("line", letter.getLine());
    }
    json.put("reason", letter.getReason());
    json.put("count", counted.getValue());
    return json.toString();
  }
}
