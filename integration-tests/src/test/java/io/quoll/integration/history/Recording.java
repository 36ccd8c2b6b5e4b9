package io.quoll.integration.history;

import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchMode;
import io.quoll.client.WatchOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Sessions and watches that do something to an ensemble and record what they see. Confined to one
 * thread, but for {@link #step}, which another may call.
 */
final class Recording implements AutoCloseable {
  private static final String ROOT = "/h";
  private static final String NAMES = ROOT + "/names";
  private static final String END = ROOT + "/end";
  private static final int SESSIONS = 6;
  private static final int WATCHES = 3;
  private static final int STEPS_OF_A_GROUP = 300;
  private static final int STEPS_TO_A_WATCH = 500;
  private static final int STEPS_TO_A_NAME = 12;
  private static final Duration SETTLED_MAX = Duration.ofMinutes(5);

  private final String servers;
  private final Random random;
  private final RandomRequests requests;
  private final QuollRuntime runtime = QuollRuntime.start();
  private final AtomicInteger callNumbers = new AtomicInteger();
  private final List<RecordedSession> sessions = new ArrayList<>();
  private final List<RecordedWatch> watches = new ArrayList<>();
  private final List<TreeWatch> open = new ArrayList<>();
  private final QuollSession control;
  private final long start;
  private volatile String group = ROOT + "/g";
  private int steps;

  /** Begins a recording: an empty tree, and everybody watches it. */
  Recording(String servers, Random random) {
    this.servers = servers;
    this.random = random;
    this.requests = new RandomRequests(random);
    this.control = QuollSession.open(options(Consistency.LINEARIZABLE), runtime);
    start = control.create(ROOT, null, CreateMode.PERSISTENT).stat().czxid();
    for (int i = 0; i < SESSIONS; i++) {
      boolean strict = i % 2 == 0;
      Consistency consistency = strict ? Consistency.LINEARIZABLE : Consistency.LOCAL;
      QuollSession session = QuollSession.open(options(consistency), runtime);
      RecordedSession recorded = new RecordedSession(i, session, strict, callNumbers);
      recorded.watch(ROOT);
      sessions.add(recorded);
    }
    control.create(group, null, CreateMode.PERSISTENT);
    control.create(NAMES, null, CreateMode.PERSISTENT);
    for (int i = 0; i < WATCHES; i++) {
      watch("watch " + i, start);
    }
  }

  private SessionOptions options(Consistency consistency) {
    return SessionOptions.of(servers)
        .withConsistency(consistency)
        .withRequestTimeout(Duration.ofMinutes(3));
  }

  private RecordedWatch watch(String name, long afterZxid) {
    RecordedWatch watch = new RecordedWatch(name, ROOT, afterZxid);
    watches.add(watch);
    open.add(
        control.watch(
            ROOT,
            WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE)
                .from(afterZxid)
                .withBookmarkInterval(Duration.ofMillis(200)),
            watch));
    return watch;
  }

  /** One of the sessions does something, unless it is busy. Waits for nothing. */
  synchronized void step() {
    RecordedSession session = sessions.get(random.nextInt(SESSIONS));
    if (session.isBusy()) {
      return;
    }
    steps++;
    String value = "v" + steps;
    if (steps % STEPS_TO_A_WATCH == 0) {
      watch("watch at step " + steps, Math.max(start, open.get(0).zxid() - random.nextInt(100)));
    }
    if (steps % STEPS_OF_A_GROUP == 0) {
      beginGroup(ROOT + "/g" + steps / STEPS_OF_A_GROUP);
    }
    if (random.nextInt(STEPS_TO_A_NAME) == 0) {
      session.createNamed(NAMES + "/n-", value);
    } else {
      session.call(requests.next(group, value));
    }
  }

  // Calls are about the group before until the parent of the next is there.
  private void beginGroup(String next) {
    var unused =
        control.async().create(next, null, CreateMode.PERSISTENT).thenRun(() -> group = next);
  }

  /** Ends it: waits until all that was asked is answered and all that happened is told. */
  History end() {
    await("all calls are answered")
        .atMost(SETTLED_MAX)
        .until(() -> sessions.stream().allMatch(RecordedSession::isIdle));
    control.create(END, null, CreateMode.PERSISTENT);
    RecordedWatch all = new RecordedWatch("all changes", ROOT, start);
    open.add(control.watch(ROOT, WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE).from(start), all));
    await("all changes are told")
        .atMost(SETTLED_MAX)
        .until(
            () ->
                all.hasSeen(END)
                    && sessions.stream().allMatch(session -> session.hasSeen(END))
                    && watches.stream().allMatch(watch -> watch.hasSeen(END)));
    return new History(
        sessions.stream()
            .flatMap(session -> session.calls().stream())
            .sorted(Comparator.comparingInt(Call::number))
            .collect(ImmutableList.toImmutableList()),
        sessions.stream()
            .flatMap(session -> session.names().stream())
            .collect(ImmutableList.toImmutableList()),
        sessions.stream()
            .map(session -> session.recordThrough(END))
            .collect(ImmutableList.toImmutableList()),
        watches.stream()
            .map(watch -> watch.recordThrough(END))
            .collect(ImmutableList.toImmutableList()),
        all.recordThrough(END).events());
  }

  /** What went wrong for all to see. */
  ImmutableList<String> violations() {
    return Stream.concat(
            sessions.stream().flatMap(session -> session.violations().stream()),
            watches.stream().flatMap(watch -> watch.violations().stream()))
        .collect(ImmutableList.toImmutableList());
  }

  /** Names that are there and were never given, or were given and are not there. */
  ImmutableList<String> lostNames(History history) {
    List<String> there =
        control.allChildren(NAMES, PageRequest.first()).children().stream()
            .map(child -> NAMES + "/" + child.name())
            .toList();
    List<String> given =
        history.names().stream()
            .map(Timed::output)
            .filter(Objects::nonNull)
            .collect(Collectors.toList());
    int unanswered = history.names().size() - given.size();
    ImmutableList.Builder<String> lost = ImmutableList.builder();
    given.stream().filter(name -> !there.contains(name)).forEach(lost::add);
    if (there.size() > given.size() + unanswered) {
      lost.add("%d names are there, %d were given".formatted(there.size(), given.size()));
    }
    return lost.build();
  }

  @Override
  public void close() {
    open.forEach(TreeWatch::close);
    runtime.close();
  }
}
