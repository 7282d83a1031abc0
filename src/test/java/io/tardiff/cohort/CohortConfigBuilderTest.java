package io.tardiff.cohort;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.allOf;
import static org.hamcrest.Matchers.closeTo;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.is;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CohortConfigBuilderTest {

  @Test
  void unknownChannelNamesTheValidOnes() {
    assertThat(
        message(CohortConfig.builder().setChannels(List.of("HR", "Pulse"))),
        allOf(
            containsString("channels must name entries of the channel dictionary (HR, SBP,"),
            containsString("was Pulse")));
  }

  @Test
  void staticCovariateIsNoChannel() {
    assertThat(
        message(CohortConfig.builder().setChannels(List.of("Age"))), containsString("was Age"));
    assertThat(
        message(CohortConfig.builder().setStatics(List.of("HR"))),
        containsString("(Age, Gender, Height, Weight), was HR"));
  }

  @Test
  void numbersAreChecked() {
    assertThat(
        message(CohortConfig.builder().setSteps(0)), is("steps must be from 1 to 100000, was 0"));
    assertThat(
        message(CohortConfig.builder().setStepMinutes(0)),
        is("stepMinutes must be from 1 to 1000000, was 0"));
    assertThat(
        message(CohortConfig.builder().setTrainShare(1)),
        is("trainShare must be between 0 and 1, was 1.0"));
    assertThat(
        message(CohortConfig.builder().setTuningShare(0.5)),
        containsString("leave a share to hold out beside trainShare 0.6, was 0.5"));
    assertThat(
        message(CohortConfig.builder().setChannels(List.of("HR", "HR"))),
        is("channels must be distinct, were [HR, HR]"));
  }

  @Test
  void splitFollowsTheSharesAndTheSeed() {
    CohortConfig config = CohortConfig.builder().setTrainShare(0.5).setTuningShare(0.3).build();
    CohortConfig other = config.toBuilder().setSplitSeed(1).build();
    double[] share = new double[3];
    double same = 0;
    for (int i = 0; i < 10_000; i++) {
      share[config.split("p" + i).ordinal()] += 1e-4;
      same += config.split("p" + i) == other.split("p" + i) ? 1e-4 : 0;
    }
    assertThat(share[0], closeTo(0.5, 0.02));
    assertThat(share[1], closeTo(0.3, 0.02));
    assertThat(share[2], closeTo(0.2, 0.02));
    // Two independent splits agree as often as by chance.
    assertThat(same, closeTo(0.25 + 0.09 + 0.04, 0.02));
  }

  @Test
  void dictionaryFileReplacesAndAdds(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("mine.csv");
    Files.writeString(
        file,
        "name,unit,aggregate,codes,outlier_low,valid_low,valid_high,outlier_high\n"
            + "HR,1/min,median,220045;211,0,20,250,300\n"
            + "CVP,mmHg,last,220074,-20,-10,50,60\n");
    ChannelDictionary dictionary = ChannelDictionary.standard().withFile(file.toString());

    assertThat(
        dictionary.channel("HR"),
        equalTo(
            ChannelDefinition.of(
                "HR", "1/min", Aggregate.MEDIAN, List.of("220045", "211"), 0, 20, 250, 300)));
    assertThat(dictionary.channel("CVP").aggregate(), is(Aggregate.LAST));
    assertThat(dictionary.channel("SBP").codes(), is(List.of("SysABP", "NISysABP")));
  }

  @Test
  void badDictionaryLineIsNamed(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("mine.csv");
    Files.writeString(
        file,
        "name,unit,aggregate,codes,outlier_low,valid_low,valid_high,outlier_high\n"
            + "HR,1/min,mean,HR,30,20,250,300\n");

    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class,
            () -> ChannelDictionary.standard().withFile(file.toString()));

    assertThat(
        e.getMessage(),
        allOf(containsString(file + " line 2"), containsString("range of channel HR must rise")));
  }

  private static String message(CohortConfig.Builder builder) {
    return assertThrows(IllegalArgumentException.class, builder::build).getMessage();
  }
}
