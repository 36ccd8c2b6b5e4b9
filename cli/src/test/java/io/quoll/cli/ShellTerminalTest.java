package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shell as somebody sees it who types on a terminal. */
class ShellTerminalTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);
  private final QuollClient other = QuollClient.open(ClientOptions.of(server.address()));

  @TempDir private Path folder;

  @AfterEach
  void close() {
    other.close();
    server.close();
  }

  @Test
  void promptTellsTheServerTheStateAndTheNumberOfTheCommand() {
    try (Screen screen = Screen.at(server.address())) {
      screen.awaitText(prompt("CONNECTED", 0).strip());

      screen.type("create /a x\r\rget /a\r");

      screen.awaitText(
          prompt("CONNECTED", 0) + "create /a x\nCreated /a\n" + prompt("CONNECTED", 1).strip());
      screen.awaitText(prompt("CONNECTED", 1) + "get /a\nx\n" + prompt("CONNECTED", 2).strip());
    }
  }

  @Test
  void eventsAreShownAboveTheLineThatIsBeingTyped() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("addWatch /\r").awaitText(prompt("CONNECTED", 1).strip());
      screen.type("create /half").awaitText(prompt("CONNECTED", 1) + "create /half\n");

      create("/a");

      screen.awaitText(
          """

          WATCHER::

          WatchedEvent state:SyncConnected type:NodeCreated path:/a zxid: 2
          %screate /half
          """
              .formatted(prompt("CONNECTED", 1)));
      screen.type("way\r").awaitText("Created /halfway\n");
    }
  }

  @Test
  void lossOfTheConnectionIsShownAndThePromptFollows() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("ls /\r").awaitText("[]\n" + prompt("CONNECTED", 1).strip());

      server.close();

      screen.awaitText("WatchedEvent state:Disconnected type:None path:null zxid: -1\n");
      screen.awaitText(prompt("CONNECTING", 1).strip());
    }
  }

  @Test
  void watchIsRemovedWhileNoServerCanBeReached() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("addWatch /\r").awaitText(prompt("CONNECTED", 1).strip());
      server.close();
      screen.awaitText("WatchedEvent state:Disconnected type:None path:null zxid: -1\n");

      screen.type("removewatches / -l\r");

      screen.awaitText(
          "WatchedEvent state:Disconnected type:PersistentWatchRemoved path:/ zxid: -1\n");
    }
  }

  @Test
  void cutStreamIsShownAndTheSessionComesBack() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("create -e /mine\r").awaitText("Created /mine\n");

      server.cutStreams();

      screen.awaitText("WatchedEvent state:SyncConnected type:None path:null zxid: -1\n");
      screen.type("getEphemerals\r").awaitText("[/mine]\n");
    }
  }

  @Test
  void expiryIsShownAndConnectOpensAnotherSession() {
    try (Screen screen = Screen.at(server.address())) {
      screen.awaitText(prompt("CONNECTED", 0).strip());

      tree.expireSession(1); // The id of a session is the zxid that opened it.

      screen.awaitText("WatchedEvent state:Expired type:None path:null zxid: -1\n");
      screen.awaitText(prompt("EXPIRED", 0).strip());
      screen.type("ls /\r").awaitText("\"connect\" opens another session\n");
      screen.type("connect\r").awaitText(prompt("CONNECTED", 2).strip());
    }
  }

  @Test
  void verbsFlagsAndPathsAreCompleted() {
    create("/config");
    create("/config/b b");
    create("/queue");
    try (Screen screen = Screen.at(server.address())) {
      screen.awaitText(prompt("CONNECTED", 0).strip());

      screen.type("getEp\t").awaitText(prompt("CONNECTED", 0) + "getEphemerals\n");
      screen.type("\u0015help addW\t").awaitText(prompt("CONNECTED", 0) + "help addWatch\n");
      screen.type("\u0015ls -\t").awaitText("-R   -s   -w");
      screen.type("\u0015ls -s /\t").awaitText("/config   /queue");
      screen.type("c\t").awaitText(prompt("CONNECTED", 0) + "ls -s /config\n");
      screen.type("\t").awaitText(prompt("CONNECTED", 0) + "ls -s /config/\n");
      screen.type("\t").awaitText(prompt("CONNECTED", 0) + "ls -s /config/b\\ b\n");
      screen.type("\r").awaitText("cZxid = 0x2\n");
    }
  }

  @Test
  void completionGivesUpWhenTheServerIsSilent() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("ls /\r").awaitText("[]\n");
      server.mute();

      screen.type("ls /\tx");

      screen.awaitText(prompt("CONNECTED", 1) + "ls /x");
      server.unmute();
    }
  }

  @Test
  void interruptClearsTheLineAndEndOfFileQuits() {
    Screen screen = Screen.at(server.address());
    screen.awaitText(prompt("CONNECTED", 0).strip());
    screen.type("create /a").awaitText(prompt("CONNECTED", 0) + "create /a\n");

    screen.type("\u0003").awaitText("create /a^C\n" + prompt("CONNECTED", 0).strip() + "\n\n");
    screen.type("\u0004");

    assertThat(screen.exitCode()).isZero();
    assertThat(tree.size()).isEqualTo(1);
    assertThat(tree.sessionCount()).isZero();
  }

  @Test
  void interruptEndsTheWaitForAnAnswer() {
    try (Screen screen = Screen.at(server.address())) {
      screen.type("ls /\r").awaitText("[]\n");
      server.mute();
      screen.type("get /a\r").awaitText("get /a\n");

      screen.type("\u0003");

      screen.awaitText("interrupted while waiting\n" + prompt("CONNECTED", 2).strip());
      server.unmute();
    }
  }

  @Test
  void watchIsEndedByAnInterrupt() {
    create("/a");
    try (Screen screen = Screen.at(server.address())) {
      screen.type("watch /a\r").awaitText("Watching /a from zxid 2 on\n");
      other.setData("/a", ByteString.copyFromUtf8("x"), Write.ANY_VERSION);
      screen.awaitText("3 2018-07-28T08:14:09Z NodeDataChanged /a\n");

      screen.type("\u0003");

      screen.awaitText(prompt("CONNECTED", 1).strip());
    }
  }

  @Test
  void linesOfAnEarlierShellCanBeHadAgain() throws Exception {
    Path file = folder.resolve("history");
    try (Screen screen = Screen.at(server.address(), file)) {
      screen.type("create /a wow!\r").awaitText("Created /a\n");
    }

    try (Screen screen = Screen.at(server.address(), file)) {
      screen.awaitText(prompt("CONNECTED", 0).strip());
      screen.type("\u0010").awaitText(prompt("CONNECTED", 0) + "create /a wow!\n");
    }

    assertThat(Files.readString(file)).contains("create /a wow!");
  }

  @Test
  void credentialsAreKeptInNoHistory() throws Exception {
    Path file = folder.resolve("history");
    try (Screen screen = Screen.at(server.address(), file)) {
      screen.awaitText(prompt("CONNECTED", 0).strip());
      screen.type("adda\t").awaitText(prompt("CONNECTED", 0) + "addauth\n");
      screen.type("dig\tada:secret\r").awaitText(prompt("CONNECTED", 1).strip());
      screen.type("whoami\r").awaitText("digest: ada\n");
    }

    assertThat(Files.readString(file)).contains("addauth ***", "whoami").doesNotContain("secret");
  }

  @Test
  void shellIsUsableBeforeAnyServerAnswers() {
    server.close();
    try (Screen screen = Screen.at(server.address())) {
      screen.awaitText(prompt("CONNECTING", 0).strip());

      screen.type("help sync\r");

      screen.awaitText("sync path\n");
    }
  }

  private String prompt(String state, int number) {
    return "[quoll: " + server.address() + "(" + state + ") " + number + "] ";
  }

  private void create(String path) {
    var unused = other.create(path, null, CreateMode.PERSISTENT);
  }
}
