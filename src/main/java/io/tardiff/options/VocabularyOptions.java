package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What the codes of events mean. */
@Description("Source")
public interface VocabularyOptions extends PipelineOptions {
  @Description("Vocabulary of the codes, if not the source's own; --concepts can bring one.")
  @Conditional
  @Values(form = "name")
  String getVocabulary();

  void setVocabulary(String name);
}
