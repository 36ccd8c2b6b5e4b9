package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.client.CreateMode;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Verbs and flags about sessions and watches, as single commands and in scripts. */
class SessionVerbsTest {
  private static final String WATCH_ENDS =
      "The watch goes with its session, which ends with this command.\n";

  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void plainCommandOpensNoSession() {
    run("create", "/a", "x");
    run("get", "/a");

    assertThat(server.attachedEver()).isZero();
  }

  @Test
  void ephemeralOfOneCommandGoesWithIt() {
    String warning = "The znode goes with its session, which ends with this command.\n";

    assertThat(run("create", "-e", "/a")).isEqualTo(new Run(0, "", "Created /a\n" + warning));
    assertThat(run("create", "-s", "-e", "/b-"))
        .isEqualTo(new Run(0, "", "Created /b-0000000001\n" + warning));
    assertThat(run("ls", "/").out()).isEqualTo("[]\n");
  }

  @Test
  void containersAndZnodesWithATimeToLiveNeedNoSession() {
    assertThat(run("create", "-c", "/c")).isEqualTo(new Run(0, "", "Created /c\n"));
    assertThat(run("create", "-t", "5000", "/t", "x")).isEqualTo(new Run(0, "", "Created /t\n"));
    assertThat(run("create", "-s", "-t", "5000", "/t-"))
        .isEqualTo(new Run(0, "", "Created /t-0000000002\n"));
    assertThat(server.attachedEver()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "create -c -e /x; -c cannot be combined with -s or -e."
            + " Containers cannot be ephemeral or sequential.",
        "create -c -s /x; -c cannot be combined with -s or -e."
            + " Containers cannot be ephemeral or sequential.",
        "create -t 5 -e /x; TTLs cannot be used with Ephemeral znodes",
        "create -t 5 -c /x; TTLs cannot be used with Container znodes",
        "create -t x /x; '\"x\" is no number of milliseconds\n"
            + "create [-s] [-e] [-c] [-t ttl] path [data] [acl]'",
        "create /e/x; Ephemerals cannot have children: /e/x",
        "addWatch -m NONE /x; addWatch [-m PERSISTENT|PERSISTENT_RECURSIVE] path",
        "addWatch; addWatch [-m PERSISTENT|PERSISTENT_RECURSIVE] path",
        "removewatches /x; No such watcher for /x",
        "removewatches /x -c; No such watcher for /x",
        "get -w /no; Node does not exist: /no",
        "ls -w /no; Node does not exist: /no",
        "stat -w /no; Node does not exist: /no",
        "get -b /x; 'Unrecognized option: -b (get has only -s, -w)\nget [-s] [-w] path'",
        "sync -x /x; 'Unrecognized option: -x (sync has no options)\nsync path'",
        "watch /x --from -1; '\"-1\" is no zxid\nwatch path [-R] [--from zxid] [--initial]'",
        "watch /x --from 1 --initial; 'either --from or --initial\n"
            + "watch path [-R] [--from zxid] [--initial]'",
        "session; session list | close id",
        "session list 1; session list | close id",
        "session close x; '\"x\" is no session id\nsession list | close id'",
        "history; 'that works only in the shell, which quoll is without a command'",
        "redo 1; 'that works only in the shell, which quoll is without a command'",
        "connect; 'that works only in the shell, which quoll is without a command'",
        "printwatches; 'that works only in the shell, which quoll is without a command'",
        "printwatches maybe; printwatches [on|off]"
      })
  void errorsHaveZooKeepersWordsOrSayWhatToDo(String command, String text) {
    try (QuollSession session = QuollSession.open(SessionOptions.of(server.address()))) {
      var unused = session.create("/e", null, CreateMode.EPHEMERAL);

      assertThat(run(command.split(" "))).isEqualTo(new Run(1, "", text + "\n"));
    }
  }

  @Test
  void watchOfOneCommandGoesWithIt() {
    run("create", "/a", "x");

    assertThat(run("get", "-w", "/a")).isEqualTo(new Run(0, "x\n", WATCH_ENDS));
    assertThat(run("ls", "-w", "/")).isEqualTo(new Run(0, "[a]\n", WATCH_ENDS));
    assertThat(run("ls", "-w", "-R", "/")).isEqualTo(new Run(0, "/\n/a\n", WATCH_ENDS));
    assertThat(run("stat", "-w", "/a").err()).isEqualTo(WATCH_ENDS);
    assertThat(run("addWatch", "/a")).isEqualTo(new Run(0, "", WATCH_ENDS));
    assertThat(server.watchCount()).isZero();
  }

  @Test
  void olderFormsSetWatchesToo() {
    run("create", "/a", "x");

    assertThat(run("get", "/a", "watch").err())
        .isEqualTo(
            "'get /a watch' has been deprecated. Please use 'get [-s] [-w] path' instead.\n"
                + WATCH_ENDS);
    assertThat(run("ls", "/", "watch").err())
        .isEqualTo(
            "'ls / watch' has been deprecated. Please use 'ls [-s] [-w] [-R] path' instead.\n"
                + WATCH_ENDS);
    assertThat(run("stat", "/a", "watch").err())
        .isEqualTo(
            "'stat /a watch' has been deprecated. Please use 'stat [-w] path' instead.\n"
                + WATCH_ENDS);
    assertThat(run("ls2", "/", "watch").err())
        .isEqualTo(
            "'ls2 / watch' has been deprecated. Please use 'ls [-s] path' instead.\n" + WATCH_ENDS);
  }

  @Test
  void linesOfAScriptShareTheSessionThatOneOfThemOpens() {
    Run run =
        script(
            """
            create /a x
            create -e /e
            getEphemerals
            getEphemerals /e
            get -w /a
            stat -w /new
            ls -w /
            set /a y
            create /new
            get /a
            """);

    assertThat(run.out())
        .isEqualTo(
            """
            [/e]
            [/e]
            x
            [a, e]
            """
                + event("NodeDataChanged", "/a", 3)
                + event("NodeCreated", "/new", 3)
                + event("NodeChildrenChanged", "/", 3)
                + "y\n");
    assertThat(run.err())
        .isEqualTo("Created /a\nCreated /e\nline 6: Node does not exist: /new\nCreated /new\n");
    assertThat(server.attachedEver()).isEqualTo(1);
  }

  @Test
  void watchesThatStayTellEachChangeUntilTheyAreRemoved() {
    Run run =
        script(
            """
            addWatch -m PERSISTENT /a
            addWatch /r
            create /a
            create /a/b
            create /r
            create /r/s
            sync /
            removewatches /a -p
            removewatches /r -r -l
            removewatches /r
            create /a/c
            create /r/t
            sync /
            """);

    assertThat(run.out())
        .isEqualTo(
            event("NodeCreated", "/a", 2)
                + event("NodeChildrenChanged", "/a", 2)
                + event("NodeCreated", "/r", 2)
                + event("NodeCreated", "/r/s", 2)
                + "Sync is OK\n"
                + event("PersistentWatchRemoved", "/a", -1)
                + event("PersistentWatchRemoved", "/r", -1)
                + "Sync is OK\n");
    assertThat(run.err()).contains("line 10: No such watcher for /r\n");
  }

  @Test
  void removedWatchIsToldByItsKind() {
    String script =
        """
        create /a x
        get -w /a
        ls -w /a
        removewatches /a
        set /a y
        """;

    assertThat(script(script).out())
        .isEqualTo(
            "x\n[]\n" + event("ChildWatchRemoved", "/a", -1) + event("DataWatchRemoved", "/a", -1));
    assertThat(
            Run.script(
                    "stat -w /a\nremovewatches /a -d\n", "-server", server.address(), "-o", "json")
                .out())
        .contains("{\"type\":\"WATCH_REMOVED\",\"path\":\"/a\",\"watch\":\"DATA\"}\n");
  }

  @Test
  void sessionsAreListedOverAllPagesAndClosed() {
    SessionOptions options = SessionOptions.of(server.address());
    try (QuollSession first = QuollSession.open(options);
        QuollSession second = QuollSession.open(options);
        QuollSession third = QuollSession.open(options)) {
      var unused = second.create("/e", null, CreateMode.EPHEMERAL);

      assertThat(run("session", "list"))
          .isEqualTo(
              new Run(
                  0,
                  """
                  ID   TIMEOUT   EPOCH  EPHEMERALS  WATCHES
                  0x1  30000 ms  1      0           -
                  0x2  30000 ms  1      1           -
                  0x3  30000 ms  1      0           -
                  """,
                  ""));
      assertThat(run("-o", "json", "session", "list").out())
          .contains("{\"id\":2,\"timeoutMillis\":30000,\"epoch\":1,\"ephemerals\":1,");
      assertThat(run("session", "close", "0x2")).isEqualTo(new Run(0, "", ""));
      assertThat(tree.sessionCount()).isEqualTo(2);
      assertThat(run("session", "close", "2").exitCode()).isEqualTo(1);
    }
  }

  @Test
  void timeoutIsThatOfTheSessionToo() {
    Run run = Run.script("session list\n", "-server", server.address(), "-timeout", "12000");

    assertThat(run.out()).contains("0x1  12000 ms  1");
  }

  @Test
  void deprecationsAreDocumentsInJson() {
    run("create", "/a", "x");

    assertThat(run("-o", "json", "ls2", "/a").err())
        .isEqualTo(
            "{\"notice\":\"'ls2 /a' has been deprecated. Please use 'ls [-s] path' instead.\"}\n");
  }

  @Test
  void sessionThatNoServerOpensIsAnError() {
    server.close();

    Run run = run("create", "-e", "/a");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(server.address()).doesNotContain("goes with its session");
  }

  private static String event(String type, String path, long zxid) {
    return "\nWATCHER::\n\nWatchedEvent state:SyncConnected type:%s path:%s zxid: %d\n"
        .formatted(type, path, zxid);
  }

  private Run script(String lines) {
    return Run.script(lines, "-server", server.address(), "-f", "-");
  }

  private Run run(String... args) {
    return Run.at(server.address(), args);
  }
}
