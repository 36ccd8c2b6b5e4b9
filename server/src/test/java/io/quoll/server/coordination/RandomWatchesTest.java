package io.quoll.server.coordination;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.delete;
import static io.quoll.server.coordination.WatchedReplica.multi;
import static io.quoll.server.coordination.WatchedReplica.path;
import static io.quoll.server.coordination.WatchedReplica.setData;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.Watches.Rearmed;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.state.Event;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random commands over few names, so that watches and changes meet. A seed repeats a run. */
class RandomWatchesTest {
  private static final ImmutableList<String> PATHS =
      ImmutableList.of("/", "/a", "/b", "/a-", "/a/a", "/a/b", "/b/a", "/a/a/a", "/a/a/b");
  private static final ImmutableList<String> WATCHERS = ImmutableList.of("w1", "w2", "w3");

  private final WatchedReplica replica = new WatchedReplica();
  private final Watches watches = new Watches(replica.store);
  private final WatchModel model = new WatchModel();
  private final Map<String, RecordingWatcher> watchers = new LinkedHashMap<>();

  RandomWatchesTest() {
    replica.tell(watches);
    WATCHERS.forEach(name -> watchers.put(name, new RecordingWatcher()));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void watchesTellWhatZooKeepersTablesTell(long seed) {
    Random random = new Random(seed);

    for (int step = 0; step < 1_500; step++) {
      changeWatches(random);
      apply(entry(random));
      compare("seed " + seed + ", step " + step);
    }
  }

  private void changeWatches(Random random) {
    String name = pick(WATCHERS, random);
    RecordingWatcher watcher = requireNonNull(watchers.get(name));
    ZnodePath path = path(pick(PATHS, random));
    WatchMode mode = pick(List.of(WatchMode.values()), random);
    int action = random.nextInt(20);
    if (action < 12) {
      watches.add(path, mode, watcher, replica.store.publishedZxid());
      model.add(path, mode, name);
    } else if (action < 17) {
      assertThat(watches.remove(path, EnumSet.of(mode), watcher))
          .isEqualTo(model.remove(path, mode, name));
    } else if (action == 17) {
      watches.removeAll(watcher);
      model.removeAll(name);
    }
  }

  private void apply(List<Command> commands) {
    EntryOutcome outcome = replica.commit(Caller.ANONYMOUS, commands);
    for (Event event : outcome.transaction().events()) {
      model.fire(event.change(), event.zxid());
    }
    replica.publish(outcome);
  }

  private void compare(String when) {
    for (String name : WATCHERS) {
      RecordingWatcher watcher = requireNonNull(watchers.get(name));
      assertThat(watcher.take()).as(when).isEqualTo(model.take(name));
      assertThat(watches.count(watcher)).as(when).isEqualTo(model.count(name));
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void whatIsToldOnRearmingIsWhatAWatcherSawThatWasNeverAway(long seed) {
    Random random = new Random(seed);
    RecordingWatcher steady = new RecordingWatcher();
    RecordingWatcher moving = new RecordingWatcher();
    Rearmed lasting = lasting(random, 0);
    watches.rearm(lasting, steady);
    watches.rearm(lasting, moving);

    for (int round = 0; round < 40; round++) {
      applySome(random);
      watches.removeAll(moving);
      long since = replica.store.publishedZxid();
      applySome(random);
      long trimmed = watches.rearm(since(lasting, since), moving);

      assertThat(trimmed).isZero();
      assertThat(moving.take()).as("seed %d, round %d", seed, round).isEqualTo(steady.take());
    }
  }

  @Test
  void rearmingWhileOthersWriteLosesAndDoublesNothing() throws Exception {
    Random random = new Random(21);
    RecordingWatcher steady = new RecordingWatcher();
    RecordingWatcher moving = new RecordingWatcher();
    Rearmed lasting = lasting(random, 0);
    watches.rearm(lasting, steady);
    watches.rearm(lasting, moving);
    ScheduledExecutorService applyThread = Executors.newSingleThreadScheduledExecutor();
    try {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> IntStream.range(0, 3_000).forEach(i -> apply(entry(random))), applyThread);
      int moves = 0;
      while (!writing.isDone() || moves == 0) {
        watches.removeAll(moving);
        ImmutableList<WatchEvent> seen = moving.events();
        // All up to the last event but one were told for sure; so was the last zxid as a whole,
        // because events are told for a log entry at a time.
        long since = seen.isEmpty() ? 0 : seen.get(seen.size() - 1).zxid();
        watches.rearm(since(lasting, since), moving);
        moves++;
      }
      writing.get(60, TimeUnit.SECONDS);
    } finally {
      applyThread.shutdownNow();
    }

    assertThat(moving.events()).isEqualTo(steady.events());
    assertThat(steady.events()).isNotEmpty();
  }

  private static Rearmed lasting(Random random, long since) {
    return new Rearmed(
        since,
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of(),
        some(random),
        some(random));
  }

  private static Rearmed since(Rearmed rearmed, long since) {
    return new Rearmed(
        since,
        ImmutableList.of(),
        ImmutableList.of(),
        ImmutableList.of(),
        rearmed.persistent(),
        rearmed.recursive());
  }

  private static ImmutableList<ZnodePath> some(Random random) {
    return IntStream.range(0, 3)
        .mapToObj(i -> path(pick(PATHS, random)))
        .distinct()
        .collect(toImmutableList());
  }

  private void applySome(Random random) {
    int entries = random.nextInt(12);
    for (int i = 0; i < entries; i++) {
      apply(entry(random));
    }
  }

  private static List<Command> entry(Random random) {
    List<Command> commands = new ArrayList<>();
    int count = 1 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      commands.add(command(random));
    }
    return commands;
  }

  private static Command command(Random random) {
    String path = pick(PATHS.subList(1, PATHS.size()), random);
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> createZnode(path);
      case 4, 5, 6 -> setData(path);
      case 7, 8 -> delete(path);
      case 9 -> new DeleteRecursive(path(path));
      case 10 -> multi(createZnode(path), setData(path), delete(path));
      default -> multi(setData(path), setData(pick(PATHS.subList(1, 4), random)));
    };
  }

  private static <T> T pick(List<T> all, Random random) {
    return all.get(random.nextInt(all.size()));
  }
}
