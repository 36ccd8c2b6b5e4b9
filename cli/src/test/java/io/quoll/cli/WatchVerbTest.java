package io.quoll.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.cli.shell.PlainLines;
import io.quoll.client.ClientOptions;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.Write;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneId;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code watch}, which prints until it is interrupted. */
class WatchVerbTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree);
  private final QuollClient other = QuollClient.open(ClientOptions.of(server.address()));
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private Thread tool = new Thread();

  @AfterEach
  void close() throws Exception {
    tool.interrupt();
    tool.join(SECONDS.toMillis(30));
    other.close();
    server.close();
  }

  @Test
  void changesFromNowOnAreLines() {
    create("/a");

    start("watch", "/a");
    await(err, "Watching /a from zxid 1 on\n");
    create("/a/b");
    change("/a");
    delete("/a/b");

    await(
        out,
        """
        2 2018-07-28T08:14:09Z NodeChildrenChanged /a
        3 2018-07-28T08:14:09Z NodeDataChanged /a
        4 2018-07-28T08:14:09Z NodeChildrenChanged /a
        """);
  }

  @Test
  void recursiveWatchSeesAllBelowFromAZxidOn() {
    create("/a");
    create("/a/b");
    create("/c");

    start("watch", "-R", "--from", "0x1", "/");

    await(
        out,
        """
        2 2018-07-28T08:14:09Z NodeCreated /a/b
        3 2018-07-28T08:14:09Z NodeCreated /c
        """);
  }

  @Test
  void initialStateComesBeforeWhatHappens() {
    create("/a");
    create("/a/b");

    start("watch", "-R", "--initial", "/a");
    await(out, "Node /a/b\n");
    change("/a");

    await(
        out,
        """
        2 2018-07-28T08:14:09Z Node /a
        2 2018-07-28T08:14:09Z Node /a/b
        3 2018-07-28T08:14:09Z NodeDataChanged /a
        """);
  }

  @Test
  void jsonIsADocumentALine() {
    create("/a");

    start("-o", "json", "watch", "--initial", "/a");
    await(out, "\"type\":\"NODE\",\"path\":\"/a\",\"stat\":{");
    change("/a");

    await(
        out,
        "\n{\"type\":\"NODE_DATA_CHANGED\",\"path\":\"/a\",\"zxid\":2,\"timeMillis\":1532765649000}\n");
    await(err, "{\"watching\":\"/a\",\"zxid\":1}\n");
  }

  @Test
  void watchGoesOnAfterALostConnectionAndSaysSo() {
    start("watch", "/a");
    await(err, "Watching /a");

    server.cutStreams();
    create("/a");

    await(out, "NodeCreated /a\n");
    await(err, "Interrupted, going on as soon as a server answers: ");
  }

  @Test
  void trimmedHistoryEndsTheWatchAsAFailure() {
    create("/a");
    tree.trimHistory();

    Run run = Run.at(server.address(), "watch", "--from", "0", "/a");

    assertThat(run)
        .isEqualTo(
            new Run(
                1, "", "the history no longer has the events up to zxid 1; read the state anew\n"));
    assertThat(Run.at(server.address(), "-o", "json", "watch", "--from", "0", "/a").err())
        .startsWith("{\"error\":\"TRIMMED\",");
  }

  private void start(String... args) {
    String[] all =
        Stream.concat(Stream.of("-server", server.address()), Stream.of(args))
            .toArray(String[]::new);
    InputStream none = InputStream.nullInputStream();
    Tool shown =
        new Tool(
            none,
            completion -> new PlainLines(none),
            out,
            err,
            ZoneId.of("UTC"),
            "1.2.3",
            Map.of());
    tool =
        new Thread(
            () -> {
              int unused = shown.run(all);
            });
    tool.start();
  }

  private static void await(ByteArrayOutputStream stream, String text) {
    Awaitility.await()
        .atMost(30, SECONDS)
        .until(() -> stream.toString(StandardCharsets.UTF_8), shown -> shown.contains(text));
  }

  private void create(String path) {
    var unused = other.create(path, null, CreateMode.PERSISTENT);
  }

  private void change(String path) {
    var unused = other.setData(path, ByteString.copyFromUtf8("x"), Write.ANY_VERSION);
  }

  private void delete(String path) {
    other.delete(path, Write.ANY_VERSION);
  }
}
