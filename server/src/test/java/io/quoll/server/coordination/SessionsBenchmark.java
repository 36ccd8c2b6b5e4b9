package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.state.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What sessions cost a server, without their streams: bytes of heap for each idle one, at the
 * replica that holds it and at the leader; touches a second that the leader takes; and the time
 * that a look at all sessions takes, at the leader and at a replica.
 *
 * <p>Argument: the number of sessions (10 000).
 */
final class SessionsBenchmark {
  private static final SessionTiming TIMING = SessionTiming.ofTick(Duration.ofSeconds(2));
  private static final long TIMEOUT_MILLIS = 30_000;
  private static final int ROUNDS = 2_000;

  private SessionsBenchmark() {}

  /** Runs the benchmark and prints its figures. */
  public static void main(String[] args) {
    int count = args.length > 0 ? Integer.parseInt(args[0]) : 10_000;
    AppliedListeners listeners = new AppliedListeners();
    FakeStore store = new FakeStore();
    FakeConsensus consensus = new FakeConsensus(store, listeners);
    Sessions sessions =
        new Sessions(consensus, store, TIMING, System::nanoTime, Sessions.HOLDS_MAX);
    SessionExpirer expirer = new SessionExpirer(consensus, store, TIMING, System::nanoTime);
    measureMemory(count, consensus, sessions, expirer);
    measureTouches(count, expirer);
    TouchReporter reporter = new TouchReporter(sessions, consensus, TIMING, System::nanoTime);
    reporter.report();
    measure("a look of the leader at all sessions", expirer::check);
    measure("a report of a replica whose sessions are idle", reporter::report);
    List<SessionHold> holds = sessions.holds();
    measure(
        "a report of a replica whose sessions all were touched",
        () -> {
          holds.forEach(SessionHold::touch);
          reporter.report();
        });
    System.exit(0);
  }

  private static void measureMemory(
      int count, FakeConsensus consensus, Sessions sessions, SessionExpirer expirer) {
    long empty = usedBytes();
    List<Long> ids = new ArrayList<>(count);
    ByteString secret = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
    for (int i = 0; i < count; i++) {
      var unused =
          consensus.submit(Caller.ANONYMOUS, new OpenSession(secret, TIMEOUT_MILLIS), 0).join();
      ids.add(unused.zxid());
    }
    consensus.forgetCommands();
    long stored = usedBytes();
    for (long id : ids) {
      SessionHolder holder = reason -> {};
      var unused = sessions.attach(id, secret, 0, 0, holder, 0).join();
    }
    consensus.forgetCommands();
    long held = usedBytes();
    consensus.become(Role.LEADER, 8);
    expirer.check();
    long led = usedBytes();
    System.out.printf(
        "%d sessions, bytes each: %d in the replicated state (in memory, replicas each), "
            + "%d where it is held (without stream), %d more at the leader%n",
        count, (stored - empty) / count, (held - stored) / count, (led - held) / count);
  }

  private static void measureTouches(int count, SessionExpirer expirer) {
    ImmutableList.Builder<Touch> touches = ImmutableList.builder();
    for (int id = 1; id <= count; id++) {
      touches.add(new Touch(id, 2, id % 250));
    }
    TouchReport report = new TouchReport(touches.build());
    double nanosEach =
        measure("a report of all sessions at the leader", () -> take(report, expirer));
    System.out.printf("touches at the leader: %.1f million a second%n", count / nanosEach * 1e3);
  }

  private static void take(TouchReport report, SessionExpirer expirer) {
    long unused = expirer.onTouches(report);
  }

  private static double measure(String what, Runnable step) {
    LongSupplier run =
        () -> {
          long start = System.nanoTime();
          for (int i = 0; i < ROUNDS; i++) {
            step.run();
          }
          return System.nanoTime() - start;
        };
    long unusedWarmUp = run.getAsLong();
    double nanosEach = (double) run.getAsLong() / ROUNDS;
    System.out.printf("%s: %.0f us%n", what, nanosEach / TimeUnit.MICROSECONDS.toNanos(1));
    return nanosEach;
  }

  private static long usedBytes() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 5; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
