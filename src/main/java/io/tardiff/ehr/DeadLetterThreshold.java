package io.tardiff.ehr;

import io.tardiff.settings.InvalidSettingException;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.beam.sdk.transforms.Count;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.transforms.Filter;
import org.apache.beam.sdk.transforms.Flatten;
import org.apache.beam.sdk.transforms.MapElements;
import org.apache.beam.sdk.transforms.PTransform;
import org.apache.beam.sdk.transforms.ParDo;
import org.apache.beam.sdk.transforms.Sum;
import org.apache.beam.sdk.transforms.View;
import org.apache.beam.sdk.transforms.display.DisplayData;
import org.apache.beam.sdk.values.PCollection;
import org.apache.beam.sdk.values.PCollectionList;
import org.apache.beam.sdk.values.PCollectionTuple;
import org.apache.beam.sdk.values.PCollectionView;
import org.apache.beam.sdk.values.TypeDescriptors;

/**
 * Fails the run if too large a share of the rows could not be read.
 *
 * <p>Takes the outputs of a reader ({@link EhrTags}) and emits the number of dead letters if that
 * is within the threshold. Steps that must not run otherwise can wait for it:
 *
 * <pre>{@code
 * PCollectionTuple read = pipeline.apply(PhysioNet2012.read().from(input));
 * PCollection<Long> checked = read.apply(DeadLetterThreshold.of(0.01));
 * read.get(EhrTags.events()).apply(BuildCohort.to(directory).after(checked));
 * }</pre>
 */
public final class DeadLetterThreshold extends PTransform<PCollectionTuple, PCollection<Long>> {
  private static final long serialVersionUID = 1L;

  /** Default threshold: 1% of the rows. */
  public static final double DEFAULT_SHARE = 0.01;

  private final double share;

  private DeadLetterThreshold(double share) {
    this.share = share;
  }

  /**
   * Tolerates dead letters for up to {@code share} of all rows read.
   *
   * @param share fraction from 0 (tolerate none) to 1 (tolerate any number)
   */
  public static DeadLetterThreshold of(double share) {
    InvalidSettingException.check(
        share >= 0 && share <= 1, "deadLetterThreshold", share, "must be from 0 to 1");
    return new DeadLetterThreshold(share);
  }

  @Override
  public PCollection<Long> expand(PCollectionTuple read) {
    PCollectionView<Map<String, Long>> reasons =
        read.get(EhrTags.deadLetters())
            .apply(
                "Reasons", MapElements.into(TypeDescriptors.strings()).via(DeadLetter::getReason))
            .apply("Count reasons", Count.perElement())
            .apply("Reason counts", View.asMap());
    return total(read)
        .apply("Check", ParDo.of(new CheckFn(share, reasons)).withSideInputs(reasons));
  }

  /** Counts the rows read; for readers that do not count them, the events and dead letters. */
  private static PCollection<Long> total(PCollectionTuple read) {
    if (read.has(EhrTags.counts())) {
      return read.get(EhrTags.counts())
          .apply("Rows only", Filter.by(count -> count.getWhat().equals(ReadCount.ROWS)))
          .apply("Rows", MapElements.into(TypeDescriptors.longs()).via(ReadCount::getCount))
          .apply("Count rows", Sum.longsGlobally());
    }
    PCollection<?> good =
        read.getAll().entrySet().stream()
            .filter(output -> !output.getKey().equals(EhrTags.deadLetters()))
            .map(Map.Entry::getValue)
            .findFirst()
            .orElseThrow();
    return PCollectionList.of(good.apply("Count events", Count.globally()))
        .and(read.get(EhrTags.deadLetters()).apply("Count dead letters", Count.globally()))
        .apply("Both", Flatten.pCollections())
        .apply("Add up", Sum.longsGlobally());
  }

  @Override
  public void populateDisplayData(DisplayData.Builder builder) {
    super.populateDisplayData(builder);
    builder.add(DisplayData.item("share", share).withLabel("Tolerated share of dead letters"));
  }

  private static final class CheckFn extends DoFn<Long, Long> {
    private static final int NAMED = 3;

    private final double share;
    private final PCollectionView<Map<String, Long>> reasonsView;

    CheckFn(double share, PCollectionView<Map<String, Long>> reasonsView) {
      this.share = share;
      this.reasonsView = reasonsView;
    }

    @ProcessElement
    public void process(ProcessContext context) {
      Map<String, Long> reasons = context.sideInput(reasonsView);
      long bad = reasons.values().stream().mapToLong(Long::longValue).sum();
      // A file that could not be read at all has no rows.
      long total = Math.max(bad, context.element());
      if (bad > share * total) {
        String top =
            reasons.entrySet().stream()
                .sorted(
                    Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .limit(NAMED)
                .map(reason -> reason.getKey() + " (" + reason.getValue() + ")")
                .collect(Collectors.joining(", "));
        throw new IllegalStateException(
            String.format(
                Locale.ROOT,
                "%d of %d rows (%.2f%%) could not be read, which exceeds deadLetterThreshold (%.2f%%);"
                    + " most frequent reasons: %s",
                bad,
                total,
                100.0 * bad / total,
                100 * share,
                top));
      }
      context.output(bad);
    }
  }
}
