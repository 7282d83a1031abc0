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
 * The formats in which windows are exported.
 *
 * @param formats formats of {@link ExportFormat}
 * @param meds whether to write a MEDS directory
 */
record Exports(Set<ExportFormat> formats, boolean meds) {
  /** A format of {@code --export} besides those of {@link ExportFormat}. */
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
   * Returns a transform that writes events to the directory of their windows. It replaces existing
   * files, because the same windows give the same files when a run is resumed.
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
