package io.tardiff.templates;

import io.tardiff.cohort.ExportFormat;
import io.tardiff.cohort.WindowExport;
import io.tardiff.ehr.meds.Meds;
import io.tardiff.ehr.meds.WriteMeds;
import io.tardiff.settings.TextList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The forms in which windows are written beside Avro.
 *
 * @param formats files for tools
 * @param meds whether a MEDS directory is written too
 */
record Exports(Set<ExportFormat> formats, boolean meds) {
  /** A form of export, beside those of {@link ExportFormat}. */
  static final String MEDS = "meds";

  static Exports of(ExportOptions options) {
    List<String> words =
        options.getExport() == null ? List.of() : TextList.words(options.getExport());
    Set<ExportFormat> formats = new HashSet<>();
    words.stream()
        .filter(word -> !word.equals(MEDS))
        .forEach(word -> formats.add(ExportFormat.of(word)));
    return new Exports(formats, words.contains(MEDS));
  }

  /**
   * Writes events into the directory of their windows. The same windows give the same files, so a
   * run that is resumed may write them again.
   */
  static WriteMeds writeMeds(String directory, String name, String task, int classes) {
    WriteMeds write =
        Meds.write()
            .to(directory + WindowExport.DIRECTORY + "/" + MEDS)
            .withName(name)
            .withVersion(Version.get())
            .withTask(task)
            .replacing();
    return classes > 2 ? write.withIntegerLabels() : write;
  }
}
