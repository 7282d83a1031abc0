package io.tardiff.templates;

import io.tardiff.options.Values;
import org.apache.beam.sdk.options.Default;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.PipelineOptions;

/** The choice of a {@link Preset}. */
@Description("Preset")
public interface PresetOptions extends PipelineOptions {
  @Description("Set of defaults for the options named below; an option given explicitly wins.")
  @Default.String("small")
  @Values(constantsOf = Preset.class)
  String getPreset();

  void setPreset(String preset);
}
