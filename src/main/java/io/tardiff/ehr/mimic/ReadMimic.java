package io.tardiff.ehr.mimic;

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

/** Reads the tables that are there, each by its parser, into one collection. */
final class ReadMimic {
  private ReadMimic() {}

  static PCollectionTuple read(
      PBegin begin, TableFiles files, List<TableParser> parsers, @Nullable Set<String> codes) {
    PCollectionList<EhrEvent> events = PCollectionList.empty(begin.getPipeline());
    PCollectionList<DeadLetter> letters =
        PCollectionList.empty(begin.getPipeline());
    for (TableParser parser : parsers) {
      List<String> paths = files.of(parser.table());
      if (!paths.isEmpty()) {
        PCollectionTuple read =
            begin.apply(
                "Read " + parser.table(), ReadTable.of(parser).from(paths).onlyCodes(codes));
        events = events.and(read.get(EhrTags.events()));
        letters = letters.and(read.get(EhrTags.deadLetters()));
      }
    }
    return PCollectionTuple.of(EhrTags.events(), events.apply("Events", Flatten.pCollections()))
        .and(EhrTags.deadLetters(), letters.apply("Dead letters", Flatten.pCollections()));
  }
}
