package io.quoll.integration.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableMap;
import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.TreeWatch;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchMode;
import io.quoll.client.WatchOptions;
import io.quoll.integration.CountedWriter;
import io.quoll.integration.Ensemble;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Clients that write, read and watch while servers fail, and that know what must be true in the
 * end: each acknowledged write is there once and in its order, every watch was told everything
 * once, and no read came before the event of what it shows. Its methods are called by one thread.
 */
final class Workload implements AutoCloseable {
  private static final int WRITERS = 20;
  private static final int WATCHERS = 2;
  private static final int STEP_MILLIS = 5;
  private static final int CHANGE_EVERY = 10;
  private static final Duration TIMEOUT = Duration.ofSeconds(40);
  private static final Duration REQUEST_MAX = Duration.ofMinutes(10);
  private static final Duration SETTLED_MAX = Duration.ofMinutes(8);
  private static final String ROOT = "/faults";
  private static final String CLOCK = "/clock";
  private static final String END = ROOT + "/end";

  private final SuiteRun run;
  private final SessionOptions options;
  private final QuollRuntime runtime = QuollRuntime.start();
  private final Random random;
  private final QuollSession first;
  private final long startZxid;
  private final List<CountedWriter> writers = new ArrayList<>();
  private final List<EventRecord> records = new ArrayList<>();
  private final List<TreeWatch> watches = new ArrayList<>();
  private final EventBeforeData eventBeforeData;
  private final ScheduledExecutorService load = Executors.newSingleThreadScheduledExecutor();

  private Workload(Ensemble ensemble, SuiteRun run) {
    this.run = run;
    this.random = new Random(run.options().seed());
    this.options =
        SessionOptions.of(
                ensemble.servers().stream()
                    .map(ServerProcess::clientAddress)
                    .collect(Collectors.joining(",")))
            .withSessionTimeout(TIMEOUT)
            .withRequestTimeout(REQUEST_MAX);
    first = open();
    first.create(ROOT, null, CreateMode.PERSISTENT);
    first.create(CLOCK, null, CreateMode.PERSISTENT);
    startZxid = first.exists(ROOT).orElseThrow().czxid();
    eventBeforeData = new EventBeforeData(open(), open(), CLOCK);
  }

  /** Begins to write and to watch. */
  static Workload start(Ensemble ensemble, SuiteRun run) {
    Workload workload = new Workload(ensemble, run);
    workload.begin();
    return workload;
  }

  private void begin() {
    for (int i = 1; i <= WATCHERS; i++) {
      EventRecord ofSession = new EventRecord("recursive-watch-" + i);
      open().addWatch(ROOT, WatchMode.PERSISTENT_RECURSIVE, ofSession);
      records.add(ofSession);
      EventRecord ofStream = new EventRecord("watch-stream-" + i);
      watches.add(open().watch(ROOT, fromStart(), ofStream));
      records.add(ofStream);
    }
    for (int i = 1; i <= WRITERS; i++) {
      String home = ROOT + "/" + i;
      first.create(home, null, CreateMode.PERSISTENT);
      writers.add(new CountedWriter(open(), home));
    }
    eventBeforeData.start();
    var unused = load.scheduleAtFixedRate(this::step, 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
  }

  private WatchOptions fromStart() {
    return WatchOptions.of(WatchMode.PERSISTENT_RECURSIVE).from(startZxid);
  }

  private QuollSession open() {
    QuollSession session = QuollSession.open(options, runtime);
    session.async().addStateListener(state -> run.append("sessions.txt", line(session)));
    return session;
  }

  private static String line(QuollSession session) {
    return "%s session %d: %s %s%n"
        .formatted(
            Instant.now(),
            session.id(),
            session.state(),
            session.async().lastFailure().map(Throwable::getMessage).orElse(""));
  }

  private void step() {
    writers.get(random.nextInt(writers.size())).step();
    if (random.nextInt(CHANGE_EVERY) == 0) {
      eventBeforeData.change();
    }
  }

  /** How clients of these servers open sessions. */
  SessionOptions options() {
    return options;
  }

  /** A session that is there all the time. */
  QuollSession first() {
    return first;
  }

  /** Ends the load, and waits until all that was begun has come to something. */
  void settle() {
    load.shutdown();
    eventBeforeData.stop();
    first.create(END, null, CreateMode.PERSISTENT);
    await("all writes have come to something")
        .atMost(SETTLED_MAX)
        .until(() -> writers.stream().allMatch(CountedWriter::isIdle));
    await("all watches have seen the end")
        .atMost(SETTLED_MAX)
        .until(() -> records.stream().allMatch(record -> record.hasSeen(END)));
  }

  /** What was done: a count for each thing, once settled. */
  ImmutableMap<String, Integer> counts() {
    return ImmutableMap.of(
        "writes acknowledged",
        writers.stream().mapToInt(CountedWriter::acknowledged).sum(),
        "events in each of %d records".formatted(records.size()),
        records.get(0).through(END).size(),
        "reads with a watch",
        eventBeforeData.rounds());
  }

  /** By each thing that must hold what speaks against it, once settled. */
  Map<String, List<String>> violations() {
    Map<String, List<String>> violations = new LinkedHashMap<>();
    QuollSession reader =
        QuollSession.open(options.withConsistency(Consistency.LINEARIZABLE), runtime);
    violations.put(
        "each acknowledged write is there once, in the order of its session",
        writers.stream().flatMap(writer -> writer.violations(reader).stream()).toList());
    violations.put("no read shows a change before its event", eventBeforeData.violations());
    violations.put("every watch was told each change once, in order", compareRecords());
    return violations;
  }

  private List<String> compareRecords() {
    EventRecord history = new EventRecord("history");
    watches.add(open().watch(ROOT, fromStart(), history));
    await("the history is read").atMost(SETTLED_MAX).until(() -> history.hasSeen(END));
    List<WatchEvent> expected = history.through(END);
    keep("history", expected);
    List<String> violations = new ArrayList<>();
    for (EventRecord record : records) {
      violations.addAll(record.violations());
      if (!record.through(END).equals(expected)) {
        violations.add(record + " differs from the history");
        keep(record.toString(), record.through(END));
      }
    }
    return violations;
  }

  private void keep(String name, List<WatchEvent> events) {
    try {
      Path folder = Files.createDirectories(run.folder().resolve("histories"));
      try (BufferedWriter out = Files.newBufferedWriter(folder.resolve(name + ".txt"), UTF_8)) {
        for (WatchEvent event : events) {
          out.write("%d %s %s%n".formatted(event.zxid(), event.type(), event.path()));
        }
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  @Override
  public void close() {
    load.shutdownNow();
    watches.forEach(TreeWatch::close);
    runtime.close();
  }
}
