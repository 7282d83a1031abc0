package io.tardiff.progress;

import static org.hamcrest.MatcherAssert.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.not;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  private static final String SECRET = "s3cr3t/Pa55";

  @Test
  void controlCharactersAreEscaped() {
    assertThat(
        Printable.of("a\u001b[31m\rb\u0007\n\tc\u009b\u007f"),
        is("a\\u001b[31m\\rb\\u0007\\n\\tc\\u009b\\u007f"));
    assertThat(Printable.lines("a\r\n\tb\u001b"), is("a\\r\n\tb\\u001b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u202e", "\u2066", "\u2069", "\u200f", "\u061c", "\u2028", "\u2029", "\u200b", "\ufeff"
      })
  void invisibleAndDirectionalCharactersAreEscaped(String mark) {
    String shown = Printable.lines("vitals" + mark + "vsc.exe");
    assertThat(shown, is("vitals\\u%04xvsc.exe".formatted((int) mark.charAt(0))));
  }

  @Test
  void otherTextIsUnchanged() {
    String text = "Größe µmol/L 血圧 \uD83D\uDE00 <b>&amp; user@example.org a=b --eta=1 sigma=2";
    assertThat(Printable.of(text), is(text));
    // An unpaired surrogate.
    assertThat(Printable.of("a\uD83D"), is("a\\ud83d"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--input=https://user:%s@host/data",
        "jdbc:postgresql://host/icu?user=etl&password=%s&ssl=true",
        "jdbc:sqlserver://host;user=etl;Password=%s;encrypt=true",
        "jdbc:oracle:thin:etl/%s@host:1521/icu",
        "abfs://data@account/x?sv=2024&sig=%s",
        "https://host/x?X-Amz-Signature=%s&X-Amz-Date=2",
        "https://host/x?X-Amz-Security-Token=%s",
        "--apiKey=%s",
        "fs.s3a.secret.key=%s",
        "--awsCredentialsProvider={\"@type\":\"Static\",\"awsSecretKey\": \"%s\"}",
        "Authorization: Bearer %s"
      })
  void credentialsAreHidden(String text) {
    String given = text.formatted(SECRET);
    assertThat(Printable.of(given), not(containsString(SECRET)));
    assertThat(Printable.lines(given), not(containsString(SECRET)));
    assertThat(Printable.of(given), containsString("***"));
    assertThat(Printable.hasCredentials(given), is(true));
  }

  @ParameterizedTest
  @CsvSource({
    "'https://user:pw@host/data','https://***@host/data'",
    "'/data?sig=abc&x=1','/data?sig=***&x=1'",
    "'s3://bucket/a@b','s3://bucket/a@b'",
    "'gs://bucket/dir','gs://bucket/dir'",
    "'hdfs://node:8020/a@b','hdfs://node:8020/a@b'",
    "'/data/tokens/a.csv','/data/tokens/a.csv'"
  })
  void onlyCredentialsAreReplaced(String given, String shown) {
    assertThat(Printable.of(given), is(shown));
  }

  @Test
  void longTextIsProcessedInLinearTime() {
    String text = "password".repeat(100_000) + " " + "a".repeat(1_000_000);
    assertThat(Printable.of(text), is(text));
  }
}
