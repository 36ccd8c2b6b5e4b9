package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.SessionState;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchMode;
import io.quoll.client.WatchOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Sessions and watches while servers are killed, stopped and cut off. */
class SessionFaultsIT {
  private static final int WRITERS = 50;
  private static final int TICK_MILLIS = 1_000;
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final Duration SETTLED_MAX = Duration.ofSeconds(90);
  private static final int STEP_MILLIS = 5;
  private static final String END = "/faults/end";

  private final Random random = Form.random("SessionFaultsIT");
  private final Random loadRandom = new Random(random.nextLong());
  private final QuollRuntime runtime = QuollRuntime.start();
  private final List<CountedWriter> writers = new ArrayList<>();
  private final List<EventRecord> records = new ArrayList<>();
  private final List<TreeWatch> watches = new ArrayList<>();
  private final List<Duration> overtimes = new ArrayList<>();

  @Test
  void sessionsLoseNothingAndSeeEverythingOnceWhateverHappensToServers() {
    try (Hosts hosts = Hosts.make(3);
        Ensemble ensemble = Ensemble.startOn(hosts, "session-faults", "tickTime=" + TICK_MILLIS)) {
      run(ensemble, hosts);
    } finally {
      watches.forEach(TreeWatch::close);
      runtime.close();
    }
  }

  private void run(Ensemble ensemble, Hosts hosts) {
    SessionOptions options = options(ensemble);
    QuollSession first = open(options);
    first.create("/faults", null, CreateMode.PERSISTENT);
    first.create("/clock", null, CreateMode.PERSISTENT);
    long start = first.exists("/faults").orElseThrow().czxid();
    watch(options, start);
    for (int i = 1; i <= WRITERS; i++) {
      String home = "/faults/" + i;
      first.create(home, null, CreateMode.PERSISTENT);
      writers.add(new CountedWriter(open(options), home));
    }
    EventBeforeData eventBeforeData = new EventBeforeData(open(options), open(options), "/clock");
    eventBeforeData.start();

    Nemesis nemesis = new Nemesis(ensemble, hosts, TIMEOUT, random);
    ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();
    try {
      var unused =
          load.scheduleAtFixedRate(
              () -> step(eventBeforeData), 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
      nemesis.rage(
          Duration.ofSeconds(Form.of(60, 600)),
          () -> Departure.overtime(ensemble, options, first).ifPresent(overtimes::add));
    } finally {
      load.shutdownNow();
    }
    eventBeforeData.stop();
    settle(first);
    report(nemesis, eventBeforeData);
    require(ensemble, options, start, eventBeforeData);
  }

  private QuollSession open(SessionOptions options) {
    QuollSession session = QuollSession.open(options, runtime);
    session.async().addStateListener(state -> tell(session, state));
    return session;
  }

  private static void tell(QuollSession session, SessionState state) {
    System.out.printf(
        "%s session %d: %s %s%n",
        Instant.now(),
        session.id(),
        state,
        session.async().lastFailure().map(Throwable::getMessage).orElse(""));
  }

  private static SessionOptions options(Ensemble ensemble) {
    String addresses =
        ensemble.servers().stream()
            .map(ServerProcess::clientAddress)
            .collect(Collectors.joining(","));
    return SessionOptions.of(addresses)
        .withSessionTimeout(TIMEOUT)
        .withRequestTimeout(Duration.ofMinutes(2));
  }

  private void watch(SessionOptions options, long start) {
    for (int i = 1; i <= 3; i++) {
      EventRecord ofSession = new EventRecord("recursive watch of session " + i);
      open(options).addWatch("/faults", WatchMode.PERSISTENT_RECURSIVE, ofSession);
      records.add(ofSession);
      EventRecord ofStream = new EventRecord("watch stream " + i);
      watches.add(open(options).watch("/faults", fromZxid(start), ofStream));
      records.add(ofStream);
    }
  }

  private static WatchOptions fromZxid(long zxid) {
    return WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE).from(zxid);
  }

  private void step(EventBeforeData eventBeforeData) {
    writers.get(loadRandom.nextInt(writers.size())).step();
    if (loadRandom.nextInt(10) == 0) {
      eventBeforeData.change();
    }
  }

  private void settle(QuollSession first) {
    first.create(END, null, CreateMode.PERSISTENT);
    await("all writes have come to something")
        .atMost(SETTLED_MAX)
        .until(() -> writers.stream().allMatch(CountedWriter::isIdle));
    await("all watches have seen the end")
        .atMost(SETTLED_MAX)
        .until(() -> records.stream().allMatch(record -> record.hasSeen(END)));
  }

  private void report(Nemesis nemesis, EventBeforeData eventBeforeData) {
    System.out.printf(
        "%d faults, %d writes acknowledged, %d events in each record, %d watched reads,"
            + " overtimes of vanished sessions: %s%n",
        nemesis.faults(),
        writers.stream().mapToInt(CountedWriter::acknowledged).sum(),
        records.get(0).through(END).size(),
        eventBeforeData.rounds(),
        overtimes);
  }

  private void require(
      Ensemble ensemble, SessionOptions options, long start, EventBeforeData eventBeforeData) {
    ensemble.awaitSameDigest();
    QuollSession reader = open(options.withConsistency(Consistency.LINEARIZABLE));
    assertThat(writers.stream().flatMap(writer -> writer.violations(reader).stream())).isEmpty();
    assertThat(writers.stream().mapToInt(CountedWriter::acknowledged).sum()).isPositive();
    assertThat(eventBeforeData.violations()).isEmpty();
    assertThat(eventBeforeData.rounds()).isPositive();
    assertThat(overtimes).allMatch(overtime -> overtime.toMillis() <= 2 * TICK_MILLIS);

    List<WatchEvent> history = history(options, start);
    for (EventRecord record : records) {
      assertThat(record.violations()).isEmpty();
      assertThat(record.through(END)).isEqualTo(history);
    }
  }

  private List<WatchEvent> history(SessionOptions options, long start) {
    EventRecord history = new EventRecord("history");
    watches.add(open(options).watch("/faults", fromZxid(start), history));
    await("the history is read").atMost(SETTLED_MAX).until(() -> history.hasSeen(END));
    return history.through(END);
  }
}
