package io.tardiff.options;

import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** What the codes of events mean. */
@Description("Source")
public interface VocabularyOptions extends PipelineOptions {
  @Description("Vocabulary of the codes, if not that of the source; --concepts can define one.")
  @Conditional
  @Values(form = "name")
  String getVocabulary();

  void setVocabulary(String name);
}
