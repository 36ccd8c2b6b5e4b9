package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.cli.verb.Command;
import io.quoll.cli.verb.Verbs;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ScriptTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void eachLineSeesTheLinesBeforeItAndNoneAfter() {
    Run run =
        script(
            """
            # a comment

            create /a 'one two'
            get /a
            set /a "say \\"hi\\""
            get /a
            set /a plain\\ words
            get /a
            delete /a
            ls /
            """);

    assertThat(run).isEqualTo(new Run(0, "one two\nsay \"hi\"\nplain words\n[]\n", "Created /a\n"));
  }

  @Test
  void syncIsDoneBeforeTheReadsAfterItBegin() {
    Command sync = new Verbs("1").parse(List.of("sync", "/"), notice -> {});

    assertThat(sync).isInstanceOf(Command.Work.class); // A question shares its time with others.
  }

  @Test
  void failedLinesAreToldByNumberAndTheRestGoesOn() {
    Run run =
        script(
            """
            create /a 1
            create /b 2
            create /a 3
            create /no/x 4
            create /c 5
            delete /a
            set -v 9 /b x
            get /a
            frob
            get
            get /c 'open
            ls /
            """);

    assertThat(run)
        .isEqualTo(
            new Run(
                1,
                "[b, c]\n",
                """
                Created /a
                Created /b
                line 3: Node already exists: /a
                line 4: Node does not exist: /no/x
                Created /c
                line 7: version No is not valid : /b
                line 8: Node does not exist: /a
                line 9: Command not found: frob
                line 10: get [-s] [-w] path
                line 11: the line ends within a quote or after a backslash
                """));
  }

  @Test
  void quitEndsTheScript() {
    Run run = script("create /a\nquit\ncreate /b\n");

    assertThat(run.exitCode()).isZero();
    assertThat(tree.size()).isEqualTo(2);
  }

  @Test
  void sequentialNumbersFollowTheLines() {
    Run run = script("create /q\n" + "create -s /q/n-\n".repeat(3));

    assertThat(run.err())
        .isEqualTo(
            """
            Created /q
            Created /q/n-0000000000
            Created /q/n-0000000001
            Created /q/n-0000000002
            """);
  }

  @Test
  void errorsInJsonSayWhere() {
    Run run = Run.script("get /no\n", "-server", server.address(), "-o", "json", "-f", "-");

    assertThat(run.err()).contains("\"at\":\"line 1\"").contains("\"error\":\"NO_NODE\"");
  }

  @Test
  void scriptIsGivenUpWhenNoServerCanBeReached() {
    server.close();

    Run run = script("create /a\nget /a\n");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("line 1: no server could be reached")
        .endsWith("the script was given up at line 1\n");
  }

  @Test
  void scriptThatIsNoTextIsAnError() {
    byte[] lines = "create /\u00ff\n".getBytes(StandardCharsets.ISO_8859_1);

    Run run = Run.script(lines, "-server", server.address(), "-f", "-");

    assertThat(run).isEqualTo(new Run(1, "", "cannot read -: it is not UTF-8\n"));
  }

  @Test
  void missingFileIsAnError() {
    Run run = Run.at(server.address(), "-f", "no-such-file");

    assertThat(run).isEqualTo(new Run(1, "", "no such file: no-such-file\n"));
  }

  @Test
  @Timeout(60)
  void hundredThousandLinesTakeFewCalls() {
    int count = 50_000;
    String creates =
        IntStream.range(0, count)
            .mapToObj(i -> "create /" + i + " value-" + i + "\n")
            .collect(Collectors.joining());
    String sets =
        IntStream.range(0, count)
            .mapToObj(i -> "set /" + i + " other-" + i + "\n")
            .collect(Collectors.joining());

    Run run = script(creates + sets + "get /49999\n");

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).isEqualTo("other-49999\n");
    assertThat(run.err().lines()).hasSize(count);
    assertThat(server.asked()).isLessThan(150);
  }

  @Test
  @Timeout(60)
  void manyFailuresAmongManyWritesAreToldLineByLine() {
    String script =
        IntStream.range(0, 3000)
            .mapToObj(i -> "create /" + (i % 7 == 0 ? "no/x" : i) + "\n")
            .collect(Collectors.joining());

    Run run = script(script);

    assertThat(run.err().lines())
        .containsExactlyElementsOf(
            IntStream.range(0, 3000)
                .mapToObj(
                    i ->
                        i % 7 == 0
                            ? "line " + (i + 1) + ": Node does not exist: /no/x"
                            : "Created /" + i)
                .toList());
  }

  @Test
  @Timeout(60)
  void readsAreUnderWayTogetherAndAnsweredInOrder() {
    script(
        IntStream.range(0, 2000)
            .mapToObj(i -> "create /" + i + " " + i + "\n")
            .collect(Collectors.joining()));

    Run run =
        script(
            IntStream.range(0, 2000)
                .mapToObj(i -> "get /" + i + "\n")
                .collect(Collectors.joining()));

    assertThat(run.out().lines())
        .containsExactlyElementsOf(IntStream.range(0, 2000).mapToObj(Integer::toString).toList());
  }

  private Run script(String lines) {
    return Run.script(lines, "-server", server.address(), "-f", "-");
  }
}
