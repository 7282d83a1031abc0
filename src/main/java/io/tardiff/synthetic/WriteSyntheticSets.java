package io.tardiff.synthetic;

import io.tardiff.files.Shard;
import io.tardiff.files.SortedAvroShards;
import org.apache.beam.sdk.annotations.Internal;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.GroupByKey;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.WithKeys;
import org.apache.beam.sdk.values.KV;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Writes samples and their ledger to the directories of their sets, and outputs all files as one
 * element when they are written. A sample that is not kept has only a ledger record.
 */
@Internal
public final class WriteSyntheticSets
    extends PTransform<PCollection<GeneratedSample>, PCollection<KV<String, Iterable<Shard>>>> {
  private final String directory;
  private final int numShards;

  private WriteSyntheticSets(String directory, int numShards) {
    this.directory = directory;
    this.numShards = numShards;
  }

  public static WriteSyntheticSets to(String directory, int numShards) {
    return new WriteSyntheticSets(directory, numShards);
  }

  @Override
  public PCollection<KV<String, Iterable<Shard>>> expand(PCollection<GeneratedSample> samples) {
    PCollection<Shard> windows =
        samples
            .apply("Kept", Filter.by(sample -> sample.ledger().kept()))
            .apply(
                "Write samples",
                SortedAvroShards.<GeneratedSample>write(directory, SyntheticWindows.JSON)
                    .withSchema(sample -> SyntheticWindows.schemaOf(sample.window()))
                    .withPrefix(sample -> sample.set() + "/" + SyntheticWindows.SAMPLES)
                    .withNumShards(numShards)
                    .withId(sample -> SortedAvroShards.id(sample.window().sampleId()))
                    .withFormat(sample -> SyntheticWindows.toAvro(sample.window())));
    PCollection<Shard> ledger =
        samples.apply(
            "Write ledger",
            SortedAvroShards.<GeneratedSample>write(directory, LedgerRecord.JSON)
                .withSchema(sample -> sample.ledger().schemaJson())
                .withPrefix(sample -> sample.set() + "/" + SyntheticWindows.LEDGER)
                .withNumShards(numShards)
                .withId(sample -> SortedAvroShards.id(sample.window().sampleId()))
                .withFormat(sample -> sample.ledger().toAvro()));
    return PCollectionList.of(windows)
        .and(ledger)
        .apply("All files", Flatten.pCollections())
        .apply("As one", WithKeys.<String, Shard>of("files").withKeyType(TypeDescriptors.strings()))
        .apply("Wait for all", GroupByKey.create());
  }
}
