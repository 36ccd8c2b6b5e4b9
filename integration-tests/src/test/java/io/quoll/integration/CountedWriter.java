package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.Child;
import io.quoll.client.CreateMode;
import io.quoll.client.Created;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionState;
import io.quoll.client.Stat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A session that creates sequential znodes, each with the next number as its data, some at a time.
 * In the end each number that was acknowledged must be there once, and all of them in order.
 */
public final class CountedWriter {
  private static final int IN_FLIGHT_MAX = 8;
  private static final PageRequest WITH_DATA = PageRequest.first().withDatas();

  private final QuollSession session;
  private final String home;
  private final AtomicInteger last = new AtomicInteger();
  private final Semaphore inFlight = new Semaphore(IN_FLIGHT_MAX);
  private final Map<Integer, String> acknowledged = new ConcurrentHashMap<>();
  private final Map<Integer, QuollException> failed = new ConcurrentHashMap<>();

  /** A writer below {@code home}, which exists; it owns an ephemeral there as well. */
  public CountedWriter(QuollSession session, String home) {
    this.session = session;
    this.home = home;
    session.create(home + "/alive", null, CreateMode.EPHEMERAL);
  }

  /** Sends the next write, unless as many are under way as may be. */
  public void step() {
    if (!inFlight.tryAcquire()) {
      return;
    }
    int number = last.incrementAndGet();
    AsyncQuollSession async = session.async();
    var unused =
        async
            .create(home + "/w-", value(number), CreateMode.PERSISTENT_SEQUENTIAL)
            .whenComplete((created, failure) -> ended(number, created, failure));
  }

  private void ended(int number, @Nullable Created created, @Nullable Throwable failure) {
    if (failure == null) {
      acknowledged.put(number, requireNonNull(created).path());
    } else {
      failed.put(number, QuollException.in(failure));
    }
    inFlight.release();
  }

  public int acknowledged() {
    return acknowledged.size();
  }

  /** Whether no write is under way. */
  public boolean isIdle() {
    return inFlight.availablePermits() == IN_FLIGHT_MAX;
  }

  /** What is not as it must be, once nothing is under way; read by {@code reader}. */
  public List<String> violations(QuollSession reader) {
    List<String> violations = new ArrayList<>();
    if (session.state() != SessionState.CONNECTED) {
      violations.add(home + ": its session is " + session.state());
    }
    Optional<Stat> alive = reader.exists(home + "/alive");
    if (alive.filter(stat -> stat.ephemeralOwner() == session.id()).isEmpty()) {
      violations.add(home + ": its ephemeral is gone, or another's");
    }
    failed.forEach((number, failure) -> violations.add(home + ": " + number + ": " + failure));
    compare(written(reader), violations);
    return violations;
  }

  // By the sequence numbers of the znodes: what each holds.
  private Map<String, Integer> written(QuollSession reader) {
    Map<String, Integer> written = new TreeMap<>();
    for (Child child : reader.allChildren(home, WITH_DATA).children()) {
      if (child.name().startsWith("w-")) {
        written.put(
            home + "/" + child.name(),
            Integer.parseInt(requireNonNull(child.data()).toString(UTF_8)));
      }
    }
    return written;
  }

  private void compare(Map<String, Integer> written, List<String> violations) {
    Set<Integer> seen = new HashSet<>();
    int before = 0;
    for (Map.Entry<String, Integer> each : written.entrySet()) {
      int number = each.getValue();
      if (!seen.add(number)) {
        violations.add("%s: %d was written twice".formatted(each.getKey(), number));
      }
      if (number < before) {
        violations.add("%s: %d came after %d".formatted(each.getKey(), number, before));
      }
      before = number;
      if (!acknowledged.containsKey(number) && !mayBeThere(number)) {
        violations.add("%s: %d was never acknowledged".formatted(each.getKey(), number));
      }
    }
    acknowledged.forEach(
        (number, path) -> {
          if (!Integer.valueOf(number).equals(written.get(path))) {
            violations.add("%s: %d was acknowledged and is lost".formatted(path, number));
          }
        });
  }

  private boolean mayBeThere(int number) {
    QuollException failure = failed.get(number);
    return failure != null && failure.applied() != Applied.NO;
  }

  private static ByteString value(int number) {
    return ByteString.copyFrom(Integer.toString(number), UTF_8);
  }
}
