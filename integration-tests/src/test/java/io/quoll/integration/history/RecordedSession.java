package io.quoll.integration.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.EventType;
import io.quoll.client.MultiOutcome;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.Read;
import io.quoll.client.ReadResult;
import io.quoll.client.Stat;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchMode;
import io.quoll.client.Write;
import io.quoll.client.WriteResult;
import io.quoll.client.ZnodeData;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A session that records what it asks and what it is told. Thread-safe. */
final class RecordedSession implements WatchHandler {
  private static final int IN_FLIGHT_MAX = 4;
  private static final ImmutableList<String> ERRORS =
      ImmutableList.of("NO_NODE", "NODE_EXISTS", "BAD_VERSION", "NOT_EMPTY");

  private final int number;
  private final QuollSession session;
  private final boolean strict;
  private final AtomicInteger callNumbers;
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);

  @GuardedBy("this")
  private final List<Call> calls = new ArrayList<>();

  @GuardedBy("this")
  private final List<Timed<String, String>> names = new ArrayList<>();

  @GuardedBy("this")
  private final List<History.Told> told = new ArrayList<>();

  @GuardedBy("this")
  private final List<String> violations = new ArrayList<>();

  /**
   * A session that begins to be recorded.
   *
   * @param strict whether its reads are linearizable, as its options have to say
   * @param callNumbers gives each call of all sessions its number
   */
  RecordedSession(int number, QuollSession session, boolean strict, AtomicInteger callNumbers) {
    this.number = number;
    this.session = session;
    this.strict = strict;
    this.callNumbers = callNumbers;
  }

  /** Begins to watch all below a path. */
  void watch(String path) {
    session.addWatch(path, WatchMode.PERSISTENT_RECURSIVE, this);
  }

  @Override
  public synchronized void onEvent(WatchEvent event) {
    told.add(new History.Noticed(event(event)));
  }

  @Override
  public synchronized void onGap(WatchGap gap) {
    violations.add("session %d: %s".formatted(number, gap));
  }

  /** A change as histories have it. */
  static History.Event event(WatchEvent event) {
    return new History.Event(event.zxid(), event.path(), kind(event.type()));
  }

  private static History.Kind kind(EventType type) {
    return switch (type) {
      case NODE_CREATED -> History.Kind.CREATED;
      case NODE_DELETED -> History.Kind.DELETED;
      case NODE_DATA_CHANGED -> History.Kind.CHANGED;
      case NODE_CHILDREN_CHANGED ->
          throw new IllegalStateException("recursive watches tell of no lists of children");
    };
  }

  /** Whether as many calls are under way as may be. */
  boolean isBusy() {
    return inFlight.availablePermits() == 0;
  }

  /** Whether no call is under way. */
  boolean isIdle() {
    return inFlight.availablePermits() == IN_FLIGHT_MAX;
  }

  /** Creates a sequential znode; waits for nothing. */
  void createNamed(String pathPrefix, String value) {
    inFlight.acquireUninterruptibly();
    long invoked = System.nanoTime();
    AsyncQuollSession async = session.async();
    var unused =
        async
            .create(pathPrefix, bytes(value), CreateMode.PERSISTENT_SEQUENTIAL)
            .whenCompleteAsync(
                (created, failure) -> {
                  named(invoked, value, created == null ? null : created.path(), failure);
                  inFlight.release();
                },
                async.executor());
  }

  private synchronized void named(
      long invoked, String value, @Nullable String name, @Nullable Throwable failure) {
    if (failure == null) {
      names.add(new Timed<>(invoked, System.nanoTime(), value, name));
    } else if (QuollException.in(failure).applied() != Applied.NO) {
      names.add(new Timed<>(invoked, Timed.NEVER, value, null));
    }
  }

  /** Makes a call; waits for nothing. */
  void call(Call.Request request) {
    inFlight.acquireUninterruptibly();
    int call = callNumbers.incrementAndGet();
    long invoked = System.nanoTime();
    var unused =
        answer(request)
            .whenCompleteAsync(
                (reply, failure) -> {
                  ended(call, invoked, request, reply, failure);
                  inFlight.release();
                },
                session.async().executor());
  }

  private synchronized void ended(
      int call,
      long invoked,
      Call.Request request,
      Call.@Nullable Reply reply,
      @Nullable Throwable failure) {
    Call.@Nullable Reply answer = failure == null ? reply : refusal(request, failure);
    if (answer != null) {
      told.add(new History.Answered(call));
      calls.add(
          new Call(call, number, strict, new Timed<>(invoked, System.nanoTime(), request, answer)));
    } else if (!request.isRead()
        && QuollException.in(Objects.requireNonNull(failure)).applied() != Applied.NO) {
      calls.add(new Call(call, number, strict, new Timed<>(invoked, Timed.NEVER, request, null)));
    }
  }

  // An error that tells of the tree is an answer; any other leaves a write unanswered.
  private static Call.@Nullable Reply refusal(Call.Request request, Throwable failure) {
    String code = QuollException.in(failure).code().name();
    return ERRORS.contains(code) && request.parts().size() == 1
        ? new Call.Reply(ImmutableList.of(new Call.PartReply(code, null, 0, 0)))
        : null;
  }

  private CompletableFuture<Call.Reply> answer(Call.Request request) {
    AsyncQuollSession async = session.async();
    if (request.parts().size() > 1) {
      return request.isRead()
          ? async
              .multiRead(
                  request.parts().stream()
                      .<Read>map(part -> new Read.GetData(part.path()))
                      .toList())
              .thenApply(outcome -> reads(outcome.results()))
          : async
              .multi(request.parts().stream().map(RecordedSession::write).toList())
              .thenApply(RecordedSession::writes);
    }
    Part part = request.parts().get(0);
    if (part instanceof Part.Get get) {
      return async.data(get.path()).thenApply(znode -> one(read(znode)));
    }
    if (part instanceof Part.Set set) {
      return async
          .setData(set.path(), bytes(set.value()), set.version())
          .thenApply(stat -> one(written(stat)));
    }
    if (part instanceof Part.Create create) {
      return async
          .create(create.path(), bytes(create.value()), CreateMode.PERSISTENT)
          .thenApply(created -> one(written(created.stat())));
    }
    Part.Delete delete = (Part.Delete) part;
    return async
        .delete(delete.path(), delete.version())
        .thenApply(none -> one(new Call.PartReply("OK", null, 0, 0)));
  }

  private static Write write(Part part) {
    if (part instanceof Part.Set set) {
      return new Write.SetData(set.path(), bytes(set.value()), set.version());
    }
    Part.Check check = (Part.Check) part;
    return new Write.Check(check.path(), check.version());
  }

  private static Call.Reply reads(List<ReadResult> results) {
    return new Call.Reply(
        results.stream()
            .map(
                result ->
                    result instanceof ReadResult.Data data
                        ? read(data.znode())
                        : new Call.PartReply(
                            ((ReadResult.Failed) result).code().name(), null, 0, 0))
            .collect(ImmutableList.toImmutableList()));
  }

  private static Call.Reply writes(MultiOutcome outcome) {
    return new Call.Reply(
        outcome.results().stream()
            .map(RecordedSession::result)
            .collect(ImmutableList.toImmutableList()));
  }

  private static Call.PartReply result(WriteResult result) {
    @Nullable Stat stat = result.stat();
    return stat == null ? new Call.PartReply(result.code().name(), null, 0, 0) : written(stat);
  }

  private static Call.Reply one(Call.PartReply part) {
    return new Call.Reply(ImmutableList.of(part));
  }

  private static Call.PartReply read(ZnodeData znode) {
    return new Call.PartReply(
        "OK",
        Objects.requireNonNull(znode.data()).toString(UTF_8),
        znode.stat().version(),
        znode.stat().mzxid());
  }

  private static Call.PartReply written(Stat stat) {
    return new Call.PartReply("OK", null, stat.version(), stat.mzxid());
  }

  private static ByteString bytes(String value) {
    return ByteString.copyFrom(value, UTF_8);
  }

  synchronized ImmutableList<Call> calls() {
    return ImmutableList.copyOf(calls);
  }

  synchronized ImmutableList<Timed<String, String>> names() {
    return ImmutableList.copyOf(names);
  }

  /** All that it was told up to the event of that path. */
  synchronized History.SessionRecord recordThrough(String path) {
    ImmutableList.Builder<History.Told> through = ImmutableList.builder();
    for (History.Told each : told) {
      through.add(each);
      if (each instanceof History.Noticed noticed && noticed.event().path().equals(path)) {
        break;
      }
    }
    return new History.SessionRecord(number, through.build());
  }

  synchronized boolean hasSeen(String path) {
    return told.stream()
        .anyMatch(
            each -> each instanceof History.Noticed noticed && noticed.event().path().equals(path));
  }

  /** What broke the rules for all to see. */
  synchronized ImmutableList<String> violations() {
    return ImmutableList.copyOf(violations);
  }
}
