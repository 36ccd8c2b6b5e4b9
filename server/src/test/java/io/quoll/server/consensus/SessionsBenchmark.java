package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.AppliedListeners;
import io.quoll.server.coordination.Consensus.Role;
import io.quoll.server.coordination.FakeConsensus;
import io.quoll.server.coordination.FakeStore;
import io.quoll.server.coordination.SessionExpirer;
import io.quoll.server.coordination.SessionHold;
import io.quoll.server.coordination.SessionTiming;
import io.quoll.server.coordination.Sessions;
import io.quoll.server.coordination.TouchReport;
import io.quoll.server.coordination.TouchReport.Touch;
import io.quoll.server.coordination.TouchReporter;
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
    Sessions sessions = new Sessions(consensus, store, TIMING);
    SessionExpirer expirer = new SessionExpirer(consensus, store, TIMING, System::nanoTime);
    List<SessionHold> holds = measureMemory(count, consensus, sessions, expirer);
    measureTouches(holds, expirer);
    measure("a look of the leader at all sessions", expirer::check);
    TouchReporter reporter = new TouchReporter(sessions, consensus, TIMING, System::nanoTime);
    reporter.report();
    measure(
        "a report of a replica whose sessions are idle",
        () -> {
          reporter.report();
          consensus.forgetCommands();
        });
    measure(
        "a report of a replica whose sessions all were touched",
        () -> {
          holds.forEach(SessionHold::touch);
          reporter.report();
          consensus.forgetCommands();
        });
    System.exit(0);
  }

  private static List<SessionHold> measureMemory(
      int count, FakeConsensus consensus, Sessions sessions, SessionExpirer expirer) {
    long empty = usedBytes();
    long[] ids = new long[count];
    for (int i = 0; i < count; i++) {
      OpenSession open = new OpenSession(secret(), TIMEOUT_MILLIS);
      ids[i] = consensus.submit(Caller.ANONYMOUS, open, 0).join().zxid();
    }
    consensus.forgetCommands();
    long stored = usedBytes();
    List<SessionHold> holds = new ArrayList<>(count);
    for (long id : ids) {
      holds.add(sessions.attach(id, secret(), 0, 0, reason -> {}, 0).join());
    }
    consensus.forgetCommands();
    long held = usedBytes();
    consensus.become(Role.LEADER, 8);
    expirer.check();
    long led = usedBytes();
    System.out.printf(
        "%d sessions, bytes of heap each: %d in the state of each replica (held in memory), "
            + "%d where it is attached (without its stream), %d at the leader%n",
        count, (stored - empty) / count, (held - stored) / count, (led - held) / count);
    return holds;
  }

  private static ByteString secret() {
    return ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
  }

  private static void measureTouches(List<SessionHold> holds, SessionExpirer expirer) {
    ImmutableList.Builder<Touch> touches = ImmutableList.builder();
    for (SessionHold hold : holds) {
      touches.add(new Touch(hold.sessionId(), hold.epoch(), hold.sessionId() % 250));
    }
    byte[] report = PeerMessages.encode(new TouchReport(touches.build()));
    System.out.printf("a report of all sessions has %d bytes%n", report.length);
    double nanosEach =
        measure(
            "a report of all sessions, decoded and taken by the leader",
            () -> take(report, expirer));
    System.out.printf(
        "touches at the leader: %.1f million a second of one thread%n",
        holds.size() / nanosEach * 1e3);
  }

  private static void take(byte[] report, SessionExpirer expirer) {
    long unused = expirer.onTouches(PeerMessages.decodeTouches(report));
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
