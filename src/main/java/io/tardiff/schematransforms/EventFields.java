package io.tardiff.schematransforms;

import io.tardiff.cohort.CohortConfig;
import io.tardiff.cohort.Task;
import java.util.List;
import org.checkerframework.checker.nullness.qual.Nullable;

/** Fields by which a cohort says which events it wants. */
interface EventFields {
  @Nullable String getTask();

  @Nullable String getConcepts();

  @Nullable List<String> getChannels();

  @Nullable String getVocabulary();

  /** The defaults with the task, the dictionary, the channels and the vocabulary asked for. */
  static CohortConfig config(EventFields given, String vocabulary, Fields fields) {
    CohortConfig config = CohortConfig.builder().build();
    config =
        fields.apply(
            "task",
            given.getTask(),
            config,
            (c, task) -> c.toBuilder().forTask(Task.named(task)).build());
    // Before the channels, which are named by it.
    config =
        fields.apply(
            "concepts",
            given.getConcepts(),
            config,
            (c, file) -> c.toBuilder().setDictionary(c.dictionary().withFile(file)).build());
    config =
        fields.apply(
            "channels",
            given.getChannels(),
            config,
            (c, channels) -> c.toBuilder().setChannels(channels).build());
    return fields.apply(
        "vocabulary",
        given.getVocabulary() == null ? vocabulary : given.getVocabulary(),
        config,
        (c, name) -> c.toBuilder().setVocabulary(name).build());
  }
}
