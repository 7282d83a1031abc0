package io.tardiff.ehr.eicu;

import io.tardiff.ehr.DeadLetter;
import io.tardiff.ehr.EhrEvent;
import io.tardiff.ehr.EhrTags;
import java.util.Map;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/** Gives an observation, which names its stay only, the person of the stay. */
final class AssignPersonFn extends DoFn<EhrEvent, EhrEvent> {
  private final String table;
  private final PCollectionView<Map<String, String>> personsView;

  AssignPersonFn(String table, PCollectionView<Map<String, String>> personsView) {
    this.table = table;
    this.personsView = personsView;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    EhrEvent event = context.element();
    String person = context.sideInput(personsView).get(event.getStayId());
    if (person == null) {
      context.output(
          EhrTags.deadLetters(), DeadLetter.of(table, null, "stay is not in table patient"));
    } else {
      context.output(event.toBuilder().setSubjectId(person).build());
    }
  }
}
