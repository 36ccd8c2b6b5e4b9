package io.quoll.integration.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.CreateMode;
import io.quoll.client.ErrorCode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Creates and sets of data over many lives of a server: what was acknowledged must be there in the
 * next one. Used by one thread.
 */
final class AckedWrites {
  private static final String HOME = "/acked";
  private static final String NEWEST = "/newest";
  private static final int IN_FLIGHT = 8;
  private static final int ANSWER_SECONDS_MAX = 60;
  private static final String FILLING = "x".repeat(300);

  private final Set<String> present = ConcurrentHashMap.newKeySet();
  private final AtomicInteger newestAcked = new AtomicInteger(-1);
  private int number;

  /** Nothing is there, and nothing is expected. */
  void forget() {
    present.clear();
    newestAcked.set(-1);
  }

  /** How many writes were acknowledged that must be there. */
  int acknowledged() {
    return present.size();
  }

  /**
   * Writes until so many are acknowledged, the condition is false, or the server does not answer.
   */
  void write(QuollClient client, int most, BooleanSupplier goOn) {
    AtomicBoolean failed = new AtomicBoolean();
    AtomicInteger answered = new AtomicInteger();
    Semaphore permits = new Semaphore(IN_FLIGHT);
    try {
      create(client, HOME);
      create(client, NEWEST);
      while (answered.get() < most && !failed.get() && goOn.getAsBoolean()) {
        if (permits.tryAcquire(1, TimeUnit.SECONDS)) {
          step(client, failed, answered, permits);
        }
      }
      if (!permits.tryAcquire(IN_FLIGHT, ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
        throw new IllegalStateException("writes are not answered");
      }
    } catch (QuollException unavailable) {
      return; // It ended before it was asked for much.
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private static void create(QuollClient client, String path) {
    try {
      client.create(path, null, CreateMode.PERSISTENT);
    } catch (QuollException failure) {
      if (failure.code() != ErrorCode.NODE_EXISTS) {
        throw failure;
      }
    }
  }

  private void step(
      QuollClient client, AtomicBoolean failed, AtomicInteger answered, Semaphore permits) {
    int n = number++;
    String path = HOME + "/n%08d".formatted(n);
    if (n % 10 == 9) {
      var unused =
          client
              .async()
              .setData(NEWEST, value(n), Write.ANY_VERSION)
              .whenComplete(
                  (done, failure) -> {
                    if (failure == null) {
                      newestAcked.accumulateAndGet(n, Math::max);
                    }
                    ended(failure, failed, answered, permits);
                  });
      return;
    }
    var unused =
        client
            .async()
            .create(path, value(n), CreateMode.PERSISTENT)
            .whenComplete(
                (done, failure) -> {
                  if (failure == null) {
                    present.add(path);
                  }
                  ended(failure, failed, answered, permits);
                });
  }

  private static void ended(
      @Nullable Throwable failure,
      AtomicBoolean failed,
      AtomicInteger answered,
      Semaphore permits) {
    if (failure == null) {
      answered.incrementAndGet();
    } else if (QuollException.in(failure).applied() != Applied.YES) {
      failed.set(true);
    }
    permits.release();
  }

  private static ByteString value(int n) {
    return ByteString.copyFrom(n + FILLING, UTF_8);
  }

  /** What was acknowledged and is not there, or not as it was written. */
  List<String> missing(QuollClient client) {
    List<String> missing = new ArrayList<>();
    if (present.isEmpty() && newestAcked.get() < 0) {
      return missing;
    }
    Map<String, ByteString> found =
        client.allChildren(HOME, PageRequest.first().withDatas()).children().stream()
            .collect(Collectors.toMap(child -> HOME + "/" + child.name(), child -> child.data()));
    Set<String> lost = new HashSet<>(present);
    lost.removeAll(found.keySet());
    lost.stream()
        .sorted()
        .map(path -> path + " was acknowledged and is lost")
        .forEach(missing::add);
    found.forEach(
        (path, data) -> {
          if (!data.equals(value(Integer.parseInt(path.substring(HOME.length() + 2))))) {
            missing.add(path + " has data that nobody wrote");
          }
        });
    String newest = requireNonNull(client.data(NEWEST).data()).toString(UTF_8);
    int newestFound = newest.isEmpty() ? -1 : Integer.parseInt(newest.replace(FILLING, ""));
    // Eight are under way at a time and may be applied in another order than they were sent.
    if (newestFound < newestAcked.get() - 10 * IN_FLIGHT) {
      missing.add("%s is %d, after %d".formatted(NEWEST, newestFound, newestAcked.get()));
    }
    return missing;
  }
}
