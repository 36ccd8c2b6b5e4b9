package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The shell without a terminal: nothing but answers is printed. */
class ShellTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void linesAreRunInOneSessionWithoutPrompts() {
    Run run =
        shell(
            """
            create -e /mine 'one two'

            get /mine
            getEphemerals
            """);

    assertThat(run).isEqualTo(new Run(0, "one two\n[/mine]\n", "Created /mine\n"));
    assertThat(tree.sessionCount()).isZero();
    assertThat(tree.size()).isEqualTo(1);
  }

  @Test
  void failedCommandsAreToldAndTheRestGoesOn() {
    Run run = shell("get /no\nfrob\nls\ncreate /a 'x\ncreate /a\n");

    assertThat(run)
        .isEqualTo(
            new Run(
                1,
                "",
                """
                Node does not exist: /no
                Command not found: frob
                ls [-s] [-w] [-R] path
                the line ends within a quote or after a backslash
                Created /a
                """));
  }

  @Test
  void historyNumbersTheCommandsFromZeroAndTellsTheLastEleven() {
    Run run = shell("version\n\n" + "ls /\n".repeat(11) + "history\n");

    assertThat(run.out())
        .endsWith(
            """
            2 - ls /
            3 - ls /
            4 - ls /
            5 - ls /
            6 - ls /
            7 - ls /
            8 - ls /
            9 - ls /
            10 - ls /
            11 - ls /
            12 - history
            """);
  }

  @Test
  void redoDoesACommandAgainAndTakesItsPlaceInTheHistory() {
    Run run = shell("create /a x\nget /a\nredo 1\nredo 7\nredo 3\nredo x\nhistory\n");

    assertThat(run)
        .isEqualTo(
            new Run(
                1,
                """
                x
                x
                0 - create /a x
                1 - get /a
                2 - get /a
                3 - redo 7
                4 - redo 3
                5 - redo x
                6 - history
                """,
                """
                Created /a
                Command index out of range
                No redoing redos
                redo number
                """));
  }

  @Test
  void closeEndsTheSessionAndConnectOpensAnother() {
    Run run =
        shell(
            "create -e /a\nclose\nls /\nversion\nconnect\nls /\nconnect 127.0.0.1:x\nls /\n"
                + "connect "
                + server.address()
                + "\ngetEphemerals\n");

    assertThat(run)
        .isEqualTo(
            new Run(
                1,
                "Quoll CLI version: 1.2.3\n[]\n[]\n[]\n",
                """
                Created /a
                Not connected
                "127.0.0.1:x" is no HOST:PORT
                """));
  }

  @Test
  void quitEndsTheShell() {
    assertThat(shell("create /a\nquit\ncreate /b\n")).isEqualTo(new Run(0, "", "Created /a\n"));
    assertThat(tree.size()).isEqualTo(2);
    assertThat(tree.sessionCount()).isZero();
  }

  @Test
  void eventsComeBeforeTheAnswersThatShowTheirChanges() {
    Run run = shell("create /a x\nget -w /a\nset /a y\nget /a\n");

    assertThat(run.out())
        .isEqualTo(
            """
            x

            WATCHER::

            WatchedEvent state:SyncConnected type:NodeDataChanged path:/a zxid: 3
            y
            """);
  }

  @Test
  void printwatchesTurnsEventsOff() {
    Run run = shell("printwatches\nprintwatches off\nprintwatches\naddWatch /\ncreate /a\nls /\n");

    assertThat(run)
        .isEqualTo(new Run(0, "printwatches is on\nprintwatches is off\n[a]\n", "Created /a\n"));
  }

  @Test
  void eventsAreDocumentsInJson() {
    Run run = Run.script("addWatch /\ncreate /a\n", "-server", server.address(), "-o", "json");

    assertThat(run.out())
        .startsWith(
            """
            {"path":"/","watch":"PERSISTENT_RECURSIVE"}
            {"type":"NODE_CREATED","path":"/a","zxid":2}
            {"created":"/a",""");
  }

  @Test
  void shellOfAPipeEndsWhenNoServerCanBeReached() {
    server.close();

    Run run = shell("create /a\n");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(server.address()).doesNotContain("Created");
  }

  private Run shell(String lines) {
    return Run.script(lines, "-server", server.address());
  }
}
