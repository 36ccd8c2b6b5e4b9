package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The verbs about quotas, in the words of ZooKeeper's shell. */
class QuotaVerbsTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);

  @BeforeEach
  void create() {
    run("create", "/a");
    run("create", "/a/b");
  }

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void aQuotaIsSetAndListedAndRemovedPieceByPiece() {
    assertThat(run("setquota", "-N", "9", "/a")).isEqualTo(new Run(0, "", ""));
    assertThat(run("setquota", "-b", "0", "/a").exitCode()).isZero();
    assertThat(run("listquota", "/a"))
        .isEqualTo(
            new Run(
                0,
                """
                Output quota for /a count=-1,bytes=0=;byteHardLimit=-1;countHardLimit=9
                Output stat for /a count=2,bytes=7
                """,
                "absolute path is /zookeeper/quota/a/zookeeper_limits\n"));
    assertThat(run("delquota", "-b", "/a")).isEqualTo(new Run(0, "", ""));
    assertThat(run("listquota", "/a").out())
        .startsWith("Output quota for /a count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=9\n");
    assertThat(run("delquota", "/a")).isEqualTo(new Run(0, "", ""));
    assertThat(run("delquota", "/a")).isEqualTo(new Run(0, "Quota does not exist for /a\n", ""));
    assertThat(run("listquota", "/a"))
        .isEqualTo(
            new Run(
                1,
                "",
                """
                absolute path is /zookeeper/quota/a/zookeeper_limits
                quota for /a does not exist.
                """));
  }

  @Test
  void aLimitThatIsExceededAlreadyIsWarnedOf() {
    assertThat(run("setquota", "-n", "1", "-B", "3", "/a").err())
        .isEqualTo(
            """
            [Warning]: the count quota you create is less than the existing count:2
            [Warning]: the bytes quota you create is less than the existing bytes:7
            """);
  }

  @Test
  void programsGetAQuotaAsADocument() {
    run("setquota", "-n", "5", "/a");

    assertThat(run("-o", "json", "listquota", "/a").out())
        .isEqualTo(
            "{\"path\":\"/a\",\"limits\":{\"count\":5,\"bytes\":-1,\"hardCount\":-1,"
                + "\"hardBytes\":-1},\"count\":2,\"bytes\":7,\"counted\":true}\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "setquota /a; setquota -n|-b|-N|-B val path",
        "setquota -n 0 /a; the num quota must be greater than zero",
        "setquota -N -1 /a; the num quota must be greater than zero",
        "setquota -b -1 /a; the bytes quota must be greater than or equal to zero",
        "setquota -n x /a; '\"x\" is no number'",
        "setquota -n 5 /no; /no does not exist.",
        "setquota -n 5 /zookeeper/quota/a; cannot set a quota under the path: /zookeeper/quota",
        "listquota; listquota path",
        "delquota; delquota [-n|-b|-N|-B] path"
      })
  void mistakesAreToldInZooKeepersWords(String command, String text) {
    assertThat(run(command.split(" "))).isEqualTo(new Run(1, "", text + "\n"));
  }

  private Run run(String... words) {
    return Run.at(server.address(), words);
  }
}
