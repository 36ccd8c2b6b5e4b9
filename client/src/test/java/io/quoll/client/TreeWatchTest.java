package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TreeWatchTest {
  private static final WatchOptions RECURSIVE = WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE);

  private final FakeTree tree = new FakeTree();
  private final FakeServer first = FakeServer.start(tree);
  private final FakeServer second = FakeServer.start(tree);
  private final QuollClient client =
      QuollClient.open(ClientOptions.of(first.address() + "," + second.address()));
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    client.close();
    first.close();
    second.close();
  }

  private final class Recorder implements WatchListener {
    @Override
    public void onStarted(long zxid) {
      told.add("started");
    }

    @Override
    public void onState(ImmutableList<WatchedZnode> znodes, boolean last) {
      znodes.forEach(
          znode ->
              told.add(
                  znode.path() + (znode.data() == null ? "" : "=" + znode.data().toStringUtf8())));
      if (last) {
        told.add("state");
      }
    }

    @Override
    public void onEvents(long zxid, long timeMillis, ImmutableList<WatchEvent> events) {
      told.add(zxid + " " + events.stream().map(WatchEvent::path).toList());
    }

    @Override
    public void onBookmark(long zxid) {
      told.add("bookmark " + zxid);
    }

    @Override
    public void onTrimmed(long throughZxid) {
      told.add("trimmed " + throughZxid);
    }

    @Override
    public void onEnded(QuollException reason) {
      told.add("ended " + reason.code());
    }
  }

  private void awaitTold(String... all) {
    Awaitility.await().untilAsserted(() -> assertThat(told).containsExactly(all));
  }

  private void create(String path) {
    client.create(path, ByteString.copyFromUtf8("x"), CreateMode.PERSISTENT);
  }

  @Test
  void tellsWhatHappenedAfterTheAskedZxidAndWhatHappensThen() {
    create("/a");
    create("/b");

    TreeWatch watch = client.watch("/", RECURSIVE.from(1), new Recorder());
    awaitTold("started", "2 [/b]");
    create("/c");

    awaitTold("started", "2 [/b]", "3 [/c]");
    Awaitility.await().until(() -> watch.zxid() == 3);
  }

  @Test
  void tellsTheStateFirstIfAsked() {
    create("/a");
    create("/a/b");

    client.watch("/a", RECURSIVE.withInitialState(true), new Recorder());
    awaitTold("started", "/a=x", "/a/b=x", "state");
    create("/a/c");

    awaitTold("started", "/a=x", "/a/b=x", "state", "3 [/a/c]");
  }

  @Test
  void tellsTheEventsOfAZxidTogether() {
    client.watch("/", RECURSIVE.from(0), new Recorder());

    client.multi(
        List.of(
            new Write.Create("/a", null, CreateMode.PERSISTENT),
            new Write.Create("/b", null, CreateMode.PERSISTENT)));

    awaitTold("started", "1 [/a, /b]");
  }

  @Test
  void goesOnElsewhereWithoutAGapOrADouble() {
    client.watch("/", RECURSIVE.from(0), new Recorder());
    create("/a");
    awaitTold("started", "1 [/a]");

    first.cutStreams();
    second.cutStreams();
    create("/b");
    create("/c");

    awaitTold("started", "1 [/a]", "2 [/b]", "3 [/c]");
    assertThat(first.watchesBegun() + second.watchesBegun()).isEqualTo(2);
  }

  @Test
  void stateThatBeginsAnewAtAServerThatLagsMissesNothing() {
    create("/a");
    create("/b");
    FakeTree behind = new FakeTree();
    try (FakeServer ahead = FakeServer.start(tree);
        FakeServer lagging = FakeServer.start(behind);
        QuollRuntime runtime = QuollRuntime.start()) {
      ahead.cutWatchWithinItsState();
      SessionOptions where =
          SessionOptions.of(ahead.address() + "," + lagging.address()).withShuffledServers(false);
      TreeWatch watch =
          WatchKeeper.watch(
              "/",
              RECURSIVE.withInitialState(false),
              new Recorder(),
              where,
              new Keyring(ImmutableList.of()),
              runtime);
      awaitTold("started", "/", "started", "/", "state");

      try (QuollClient writer = QuollClient.open(ClientOptions.of(lagging.address()))) {
        writer.create("/a", null, CreateMode.PERSISTENT);
      }

      awaitTold("started", "/", "started", "/", "state", "1 [/a]");
      watch.close();
    }
  }

  @Test
  void bookmarkTellsHowFarTheWatchIs() {
    TreeWatch watch = client.watch("/none", RECURSIVE, new Recorder());
    awaitTold("started");
    create("/a");

    first.sendBookmarks();
    second.sendBookmarks();

    awaitTold("started", "bookmark 1");
    Awaitility.await().until(() -> watch.zxid() == 1);
  }

  @Test
  void historyThatDoesNotReachBackEndsTheWatch() {
    create("/a");
    tree.trimHistory();

    client.watch("/", RECURSIVE.from(0), new Recorder());

    awaitTold("trimmed 1");
  }

  @Test
  void refusalThatNoServerWouldMendEndsTheWatch() {
    client.watch("no path", RECURSIVE, new Recorder());

    awaitTold("ended BAD_ARGUMENTS");
  }

  @Test
  void closedWatchTellsNothingMore() {
    TreeWatch watch = client.watch("/", RECURSIVE, new Recorder());
    awaitTold("started");

    watch.close();
    awaitTold("started", "ended CLOSED");
    create("/a");

    awaitTold("started", "ended CLOSED");
  }
}
