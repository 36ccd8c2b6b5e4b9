package io.quoll.server.coordination;

import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.multi;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.store.HistoryLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ScheduledThreadPoolExecutor;

/** A change feed on a replica of fakes, and how it is watched. */
final class FeedHarness implements AutoCloseable {
  static final Duration LONG = Duration.ofHours(1);
  private static final ImmutableList<String> PATHS =
      ImmutableList.of("/a", "/b", "/a/a", "/a/b", "/a/a/a");

  final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
  private final List<Runnable> closers = new ArrayList<>();
  final FakeStore store;
  final WatchedReplica replica;

  /** The feed that streams are opened at. */
  ChangeFeed feed;

  FeedHarness() {
    this(WatchedReplica.ENDLESS, ChangeFeed.Limits.DEFAULT);
  }

  FeedHarness(HistoryLimits history, ChangeFeed.Limits limits) {
    store = new FakeStore(history);
    replica = new WatchedReplica(store);
    feed = feedOf(limits);
  }

  /** A feed that begins here, with nothing in memory. */
  private ChangeFeed feedOf(ChangeFeed.Limits limits) {
    ZxidWaiters waiters = new ZxidWaiters(store.publishedZxid(), timer);
    Coordinator coordinator =
        new Coordinator(
            new FakeConsensus(store, waiters), store, waiters, 2, (code, why, cause) -> {});
    ChangeFeed made = new ChangeFeed(store, coordinator, timer, (code, why, cause) -> {}, limits);
    replica.tell(waiters);
    replica.tell(made);
    closers.add(coordinator::close);
    closers.add(made::close);
    return made;
  }

  /** Begins another feed on the same store, as after a restart. */
  void restart() {
    feed = feedOf(ChangeFeed.Limits.DEFAULT);
  }

  FeedStream open(FeedRequest request, FeedReader reader) {
    FeedStream stream = feed.stream(request, reader);
    stream.open();
    return stream;
  }

  static FeedRequest since(long zxid, String path, WatchMode mode) {
    return new FeedRequest(
        Identities.NONE, path(path), mode, OptionalLong.of(zxid), false, false, LONG);
  }

  static FeedRequest fromNow(String path, WatchMode mode) {
    return new FeedRequest(
        Identities.NONE, path(path), mode, OptionalLong.empty(), false, false, LONG);
  }

  static FeedRequest state(String path, WatchMode mode, boolean withData) {
    return new FeedRequest(
        Identities.NONE, path(path), mode, OptionalLong.empty(), true, withData, LONG);
  }

  static void awaitTold(RecordingReader reader, String what) {
    await().until(() -> reader.told().contains(what));
  }

  static void awaitEvents(RecordingReader reader, int count) {
    await().until(() -> reader.events().size() >= count);
  }

  static List<String> texts(RecordingReader reader) {
    return reader.events().stream().map(RecordingWatcher::text).toList();
  }

  static List<Command> randomCommands(Random random) {
    List<Command> commands = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      String path = PATHS.get(random.nextInt(PATHS.size()));
      commands.add(
          switch (random.nextInt(4)) {
            case 0, 1 -> createZnode(path);
            case 2 -> multi(setData(path), setData(path));
            default -> delete(path);
          });
    }
    return commands;
  }

  @Override
  public void close() {
    closers.forEach(Runnable::run);
    timer.shutdownNow();
  }
}
