package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToolTest {
  private final FakeTree tree = new FakeTree(5);
  private final FakeServer server = FakeServer.start(tree, 3);

  @AfterEach
  void close() {
    server.close();
  }

  @Test
  void createTellsThePathBesideTheData() {
    assertThat(run("create", "/a", "x")).isEqualTo(new Run(0, "", "Created /a\n"));
    assertThat(run("create", "-s", "/a/n-")).isEqualTo(new Run(0, "", "Created /a/n-0000000000\n"));
  }

  @Test
  void getPrintsTheDataAndNullWithoutData() {
    run("create", "/a", "hello world");
    run("create", "/null");

    assertThat(run("get", "/a")).isEqualTo(new Run(0, "hello world\n", ""));
    assertThat(run("get", "/null")).isEqualTo(new Run(0, "null\n", ""));
  }

  @Test
  void statBlockIsZooKeepers() {
    run("create", "/a", "hello");
    String block =
        """
        cZxid = 0x1
        ctime = Sat Jul 28 08:14:09 UTC 2018
        mZxid = 0x1
        mtime = Sat Jul 28 08:14:09 UTC 2018
        pZxid = 0x1
        cversion = 0
        dataVersion = 0
        aclVersion = 0
        ephemeralOwner = 0x0
        dataLength = 5
        numChildren = 0
        """;

    assertThat(run("stat", "/a")).isEqualTo(new Run(0, block, ""));
    assertThat(run("get", "-s", "/a")).isEqualTo(new Run(0, "hello\n" + block, ""));
    assertThat(run("ls", "-s", "/a")).isEqualTo(new Run(0, "[]\n" + block, ""));
    assertThat(run("ls2", "/a"))
        .isEqualTo(
            new Run(
                0,
                "[]\n" + block,
                "'ls2 /a' has been deprecated. Please use 'ls [-s] path' instead.\n"));
  }

  @Test
  void setIsSilentUnlessAskedForTheStat() {
    run("create", "/a", "x");

    assertThat(run("set", "/a", "y")).isEqualTo(new Run(0, "", ""));
    assertThat(run("set", "/a", "-v", "1", "-s", "longer").out())
        .contains("dataVersion = 2\n", "dataLength = 6\n");
    assertThat(run("set", "/a", "-5").exitCode()).isZero();
    assertThat(run("get", "/a").out()).isEqualTo("-5\n");
  }

  @Test
  void lsListsChildrenByNameOverAllPages() {
    for (String name : new String[] {"d", "a", "c", "b"}) {
      run("create", "/" + name, "x");
    }

    assertThat(run("ls", "/")).isEqualTo(new Run(0, "[a, b, c, d]\n", ""));
  }

  @Test
  void recursiveLsPrintsEachZnodeBeforeThoseBelow() {
    for (String path : new String[] {"/b", "/a", "/a/z", "/a/y", "/a/y/x"}) {
      run("create", path);
    }

    assertThat(run("ls", "-R", "/")).isEqualTo(new Run(0, "/\n/a\n/a/y\n/a/y/x\n/a/z\n/b\n", ""));
    assertThat(run("ls", "-R", "/a/y").out()).isEqualTo("/a/y\n/a/y/x\n");
  }

  @Test
  void deleteTakesOneAndDeleteallTakesAllHoweverMany() {
    for (String path : new String[] {"/a", "/a/b", "/a/b/c", "/z"}) {
      run("create", path);
    }
    for (int i = 0; i < 20; i++) {
      run("create", "/a/b/c/" + i);
    }

    assertThat(run("delete", "/z")).isEqualTo(new Run(0, "", ""));
    assertThat(run("deleteall", "/a")).isEqualTo(new Run(0, "", ""));
    assertThat(run("ls", "/").out()).isEqualTo("[]\n");
  }

  @Test
  void olderFormsWorkAndSayWhatToTypeInstead() {
    run("create", "/a", "x");

    assertThat(run("delete", "/a", "7").err())
        .isEqualTo(
            """
            'delete /a 7' has been deprecated. Please use 'delete [-v version] path' instead.
            version No is not valid : /a
            """);
    assertThat(run("rmr", "/a").exitCode()).isZero();
  }

  @Test
  void syncAndCount() {
    run("create", "/a");
    run("create", "/a/b");
    run("create", "/a/b/c");

    assertThat(run("sync", "/")).isEqualTo(new Run(0, "Sync is OK\n", ""));
    assertThat(run("getAllChildrenNumber", "/a")).isEqualTo(new Run(0, "2\n", ""));
  }

  @ParameterizedTest
  @CsvSource({
    "get /no, Node does not exist: /no",
    "set /no x, Node does not exist: /no",
    "ls /no, Node does not exist: /no",
    "ls -R /no, Node does not exist: /no",
    "stat /no, Node does not exist: /no",
    "delete /no, Node does not exist: /no",
    "deleteall /no, Node does not exist: /no",
    "getAllChildrenNumber /no, Node does not exist: /no",
    "create /no/x, Node does not exist: /no/x",
    "create /p, Node already exists: /p",
    "delete /p, Node not empty: /p",
    "delete -v 3 /p, version No is not valid : /p",
    "set -v 3 /p x, version No is not valid : /p",
    "create p, 'Arguments are not valid : p\n  BAD_ARGUMENTS at p'",
    "ls, ls [-s] [-w] [-R] path",
    "get, get [-s] [-w] path",
    "set /p, set [-s] [-v version] path data",
    "create, create [-s] [-e] [-c] [-t ttl] path [data] [acl]",
    "delete, delete [-v version] path",
    "cluster, cluster status | health | snapshot | transfer N | [--dry-run]"
        + " (add N=host:port[:observer][;[host:]port] | remove N | promote N | demote N)",
    "ls -x /p, 'Unrecognized option: -x (ls has only -s, -w, -R)\nls [-s] [-w] [-R] path'",
    "'set -v x /p y', '\"x\" is no version number\nset [-s] [-v version] path data'"
  })
  void errorsHaveZooKeepersWords(String command, String text) {
    run("create", "/p");
    run("create", "/p/c");

    assertThat(run(command.split(" "))).isEqualTo(new Run(1, "", text + "\n"));
  }

  @Test
  void unknownCommandExitsWith127() {
    assertThat(run("frob", "/")).isEqualTo(new Run(127, "", "Command not found: frob\n"));
  }

  @Test
  void clusterStatusIsATableAndFailsIfAMemberDoesNotAnswer() {
    assertThat(run("cluster", "status"))
        .isEqualTo(
            new Run(
                1,
                """
                ID  ROLE         CLIENT          PEER            TERM  ZXID   APPLIED  COMMIT  DIGEST            VERSION
                1   follower     127.0.0.1:7181  127.0.0.1:2891  4     0x4d2  99       100     000000000000cafe  0.1.0
                2   leader       127.0.0.1:7182  127.0.0.1:2892  4     0x4d2  99       100     000000000000cafe  0.1.0
                3   unreachable  -               127.0.0.1:2893  -     -      -        -       -                 -
                """,
                ""));
  }

  @Test
  void helpAndVersionNeedNoServer() {
    assertThat(Run.at("127.0.0.1:1", "version"))
        .isEqualTo(new Run(0, "Quoll CLI version: 1.2.3\n", ""));
    assertThat(Run.at("127.0.0.1:1", "help", "ls"))
        .isEqualTo(
            new Run(
                0,
                """
                ls [-s] [-w] [-R] path
                  Lists a znode's children, with -R all below it; -s prints its stat too, -w watches \
                for the next change of the list.
                """,
                ""));
    assertThat(Run.at("127.0.0.1:1", "help").out()).contains("getAllChildrenNumber path\n");
  }

  @Test
  void usageIsToldWhenAskedFor() {
    Run run = run("--help");

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).startsWith("quoll [-server HOST:PORT").contains("getEphemerals [path]");
  }

  @Test
  void unreachableServersAreNamed() {
    server.close();

    Run run = Run.at(server.address() + ",127.0.0.1:1", "ls", "/");

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.err()).contains(server.address(), "127.0.0.1:1", "refused");
  }

  @Test
  void chrootHidesWhatIsAboveIt() {
    run("create", "/app");

    Run created = Run.at(server.address() + "/app", "create", "/a", "x");
    Run missing = Run.at(server.address() + "/app", "get", "/no");

    assertThat(created.err()).isEqualTo("Created /a\n");
    assertThat(missing.err()).isEqualTo("Node does not exist: /no\n");
    assertThat(run("get", "/app/a").out()).isEqualTo("x\n");
  }

  @Test
  void jsonIsOneDocumentForEachCommand() {
    String stat =
        "\"stat\":{\"czxid\":1,\"mzxid\":1,\"pzxid\":1,\"ctimeMillis\":1532765649000,"
            + "\"mtimeMillis\":1532765649000,\"version\":0,\"cversion\":0,\"aversion\":0,"
            + "\"ephemeralOwner\":0,\"dataLength\":2,\"numChildren\":0}";

    assertThat(run("-o", "json", "create", "/a", "é"))
        .isEqualTo(new Run(0, "{\"created\":\"/a\"," + stat + "}\n", ""));
    assertThat(run("-o", "json", "get", "/a").out())
        .isEqualTo("{\"path\":\"/a\",\"data\":\"é\"," + stat + "}\n");
    assertThat(run("-o", "json", "stat", "/a").out()).isEqualTo("{\"path\":\"/a\"," + stat + "}\n");
    assertThat(run("-o", "json", "ls", "/").out())
        .startsWith("{\"path\":\"/\",\"children\":[\"a\"]");
    assertThat(run("-o", "json", "ls", "-R", "/").out())
        .isEqualTo("{\"path\":\"/\",\"paths\":[\"/\",\"/a\"]}\n");
    assertThat(run("-o", "json", "getAllChildrenNumber", "/").out())
        .isEqualTo("{\"path\":\"/\",\"count\":1}\n");
    assertThat(run("-o", "json", "cluster", "status").out())
        .contains("{\"id\":3,\"reachable\":false,");
    assertThat(run("-o", "json", "deleteall", "/a").out())
        .isEqualTo("{\"path\":\"/a\",\"deleted\":1}\n");
    assertThat(run("-o", "json", "get", "/no"))
        .isEqualTo(
            new Run(
                1,
                "",
                "{\"error\":\"NO_NODE\",\"path\":\"/no\",\"applied\":\"NO\","
                    + "\"message\":\"Node does not exist: /no\"}\n"));
  }

  @Test
  void jsonTellsNullDataAndDataThatIsNoText() {
    run("create", "/null");
    try (QuollClient client = QuollClient.open(ClientOptions.of(server.address()))) {
      ByteString noText = ByteString.copyFrom(new byte[] {(byte) 0xff, 0});
      client.create("/binary", noText, CreateMode.PERSISTENT);
    }

    assertThat(run("-o", "json", "get", "/null").out())
        .startsWith("{\"path\":\"/null\",\"data\":null,");
    assertThat(run("-o", "json", "get", "/binary").out())
        .startsWith("{\"path\":\"/binary\",\"dataBase64\":\"/wA=\",");
  }

  private Run run(String... args) {
    return Run.at(server.address(), args);
  }
}
