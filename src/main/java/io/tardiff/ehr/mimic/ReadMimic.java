package io.tardiff.ehr.mimic;

import static com.google.common.base.Preconditions.checkArgument;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import io.tardiff.ehr.table.ReadTable;
import io.tardiff.ehr.table.TableFiles;
import io.tardiff.ehr.table.TableParser;
import java.util.List;
import java.util.Set;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.values.PBegin;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.checkerframework.checker.nullness.qual.Nullable;

/** The tables of a directory to one stream of events: what both readers do. */
final class ReadMimic {
  private ReadMimic() {}

  /**
   * @param optional tables that give no events where they are not there
   * @param codes codes to keep besides the reserved ones, null for all
   */
  static PCollectionTuple read(
      PBegin begin,
      TableFiles files,
      List<TableParser> required,
      List<TableParser> optional,
      @Nullable Set<String> codes) {
    files.require(required.stream().map(TableParser::table).toArray(String[]::new));
    PCollectionList<EhrEvent> events = PCollectionList.empty(begin.getPipeline());
    PCollectionList<DeadLetter> deadLetters = PCollectionList.empty(begin.getPipeline());
    for (List<TableParser> parsers : List.of(required, optional)) {
      for (TableParser parser : parsers) {
        List<String> found = files.of(parser.table());
        if (found.isEmpty()) {
          continue;
        }
        // A file unpacked beside its archive: every event would come twice.
        checkArgument(
            found.size() == 1,
            "input must have one file of table %s, has %s",
            parser.table(),
            String.join(", ", found));
        PCollectionTuple read =
            begin.apply(
                "Read " + parser.table(), ReadTable.of(parser).from(found).onlyCodes(codes));
        events = events.and(read.get(EhrTags.events()));
        deadLetters = deadLetters.and(read.get(EhrTags.deadLetters()));
      }
    }
    return PCollectionTuple.of(EhrTags.events(), events.apply("Events", Flatten.pCollections()))
        .and(EhrTags.deadLetters(), deadLetters.apply("Dead letters", Flatten.pCollections()));
  }
}
