package io.quoll.server.coordination;

import static java.util.Objects.requireNonNull;

import com.google.common.base.CaseFormat;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Rejection;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * How long clients wait for their replies, as far as this server sees it: from the arrival of a
 * request to its reply, by the operation and by the way, which is a session's stream or a call of
 * its own. Thread-safe.
 */
public final class RequestTimes implements Measured {
  private final ImmutableMap<Class<?>, Histogram> ofSessions = ofSessions();
  private final ConcurrentMap<String, Histogram> ofCalls = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> failuresInSessions = new ConcurrentHashMap<>();
  private final ConcurrentMap<String, LongAdder> failuresOfCalls = new ConcurrentHashMap<>();
  private final LongAdder received = new LongAdder();

  private static ImmutableMap<Class<?>, Histogram> ofSessions() {
    return Stream.of(Command.class, Query.class, SessionRequest.class)
        .flatMap(family -> Arrays.stream(family.getPermittedSubclasses()))
        .collect(ImmutableMap.toImmutableMap(kind -> kind, kind -> Histogram.ofTimes()));
  }

  /** What a request is to people: its command or query, or itself. */
  static Class<?> kindOf(SessionRequest request) {
    if (request instanceof SessionRequest.Write write) {
      return write.command().getClass();
    }
    return request instanceof SessionRequest.Read read
        ? read.query().getClass()
        : request.getClass();
  }

  /** A request has come. */
  public void arrived() {
    received.increment();
  }

  /** A request of a session is replied to. */
  void replied(SessionRequest request, long nanos) {
    requireNonNull(ofSessions.get(kindOf(request))).record(nanos);
  }

  /** The times of the calls of a method, by its name in the contract. */
  public Histogram ofCalls(String method) {
    Histogram known = ofCalls.get(method);
    return known == null ? ofCalls.computeIfAbsent(method, unknown -> Histogram.ofTimes()) : known;
  }

  /** Counts the reply to a request of a session if it tells of a failure. */
  void ended(SessionReply reply) {
    String code = failureCode(reply);
    if (code != null) {
      failuresInSessions.computeIfAbsent(code, unknown -> new LongAdder()).increment();
    }
  }

  private static @Nullable String failureCode(SessionReply reply) {
    if (reply instanceof SessionReply.Wrote wrote) {
      if (wrote.result() instanceof Result.MultiRejected multi) {
        return multi.cause().code().name();
      }
      return wrote.result() instanceof Result.Rejected rejected ? rejected.code().name() : null;
    }
    if (reply instanceof SessionReply.Read read) {
      return read.answer() instanceof Answer.Rejected rejected ? rejected.code().name() : null;
    }
    return reply instanceof SessionReply.Failed failed ? codeOf(failed.failure()) : null;
  }

  private static String codeOf(Throwable failure) {
    if (failure instanceof Rejection rejection) {
      return rejection.code().name();
    }
    return failure instanceof UnavailableException unavailable
        ? unavailable.reason().name()
        : "SYSTEM_ERROR";
  }

  /** A call was refused, or failed. */
  public void callFailed(String code) {
    failuresOfCalls.computeIfAbsent(code, unknown -> new LongAdder()).increment();
  }

  /** The requests that have come. */
  public long received() {
    return received.sum();
  }

  /** The times of all requests together: how many were replied to, and how long they took. */
  public Histogram.Snapshot all() {
    long count = 0;
    long sum = 0;
    long least = Long.MAX_VALUE;
    long greatest = 0;
    for (Histogram each :
        Stream.concat(ofSessions.values().stream(), ofCalls.values().stream()).toList()) {
      Histogram.Snapshot some = each.snapshot();
      long more = some.count();
      count += more;
      sum += some.sum();
      least = more == 0 ? least : Math.min(least, some.least());
      greatest = Math.max(greatest, some.greatest());
    }
    return new Histogram.Snapshot(
        ImmutableLongArray.of(count), sum, count == 0 ? 0 : least, greatest);
  }

  /** Tells of those operations that were asked for since the server started. */
  @Override
  public void measure(Measurements to) {
    BiConsumer<String, Histogram> session = (name, times) -> tell(to, name, "session", times);
    ofSessions.forEach((kind, times) -> session.accept(kind.getSimpleName(), times));
    ofCalls.forEach((name, times) -> tell(to, name, "call", times));
    failuresInSessions.forEach((code, count) -> tellFailures(to, code, "session", count));
    failuresOfCalls.forEach((code, count) -> tellFailures(to, code, "call", count));
    to.counter("quoll_requests_received_total", "Requests that have come.", received.sum());
  }

  private static void tell(Measurements to, String name, String way, Histogram times) {
    if (times.snapshot().count() > 0) {
      to.histogram(
          "quoll_request_seconds",
          "From the arrival of a request to its reply.",
          times,
          "operation",
          CaseFormat.UPPER_CAMEL.to(CaseFormat.LOWER_UNDERSCORE, name),
          "way",
          way);
    }
  }

  private static void tellFailures(Measurements to, String code, String way, LongAdder count) {
    to.counter(
        "quoll_request_failures_total",
        "Requests that were refused or failed, by the code that the client was told.",
        count.sum(),
        "code",
        code,
        "way",
        way);
  }
}
