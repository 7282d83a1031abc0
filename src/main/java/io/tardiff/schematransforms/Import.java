package io.tardiff.schematransforms;

import com.google.auto.service.AutoService;
import io.tardiff.options.Values;
import io.tardiff.settings.Problems;
import io.tardiff.synthetic.ImportSynthetic;
import java.util.List;
import org.apache.beam.sdk.options.Description;
import org.apache.beam.sdk.options.Validation;
import org.apache.beam.sdk.schemas.transforms.SchemaTransformProvider;
import org.apache.beam.sdk.values.PCollectionRowTuple;
import org.apache.beam.sdk.values.Row;

/** Imports windows that another tool made. */
@AutoService(SchemaTransformProvider.class)
public final class Import extends Provider<Import.Fields> {
  public Import() {
    super(
        "import_synthetic",
        List.of(),
        List.of(OUTPUT),
        Fields.class,
        "Imports synthetic windows that another tool made, as sets that evaluate accepts. A set is"
            + " *values.npy (windows, steps, channels) with *labels.npy, or Parquet with a row per"
            + " step: sample_id, label, step and a column for each channel; values are in clinical"
            + " units, as in the exports of this library. The location and the cohort must exist"
            + " when the pipeline is built. Outputs rows of sets like generate.");
  }

  /** The fields of the configuration. */
  @Description("Synthetic sets")
  public interface Fields extends OutputField {
    @Description(
        "A file, a pattern of Parquet files, or a directory that holds a set itself or one in each"
            + " of its subdirectories.")
    @Validation.Required
    @Values(form = "path")
    String getLocation();

    void setLocation(String location);

    @Description("Directory of the cohort that the windows must fit.")
    @Validation.Required
    @Values(form = "path")
    String getCohort();

    void setCohort(String directory);
  }

  @Override
  Expansion prepare(Fields fields, Row row, Problems problems) {
    ImportSynthetic imported =
        problems.get(
            "location",
            null,
            () ->
                ImportSynthetic.from(fields.getLocation())
                    .against(fields.getCohort())
                    .to(fields.getOutput()));
    return inputs ->
        PCollectionRowTuple.of(OUTPUT, Rows.ofSets(inputs.getPipeline().apply("Import", imported)));
  }
}
