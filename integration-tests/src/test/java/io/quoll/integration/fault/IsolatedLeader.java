package io.quoll.integration.fault;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Role;
import io.quoll.client.Applied;
import io.quoll.client.Consistency;
import io.quoll.client.CreateMode;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import io.quoll.client.Write;
import io.quoll.client.ZnodeData;
import io.quoll.integration.Ensemble;
import io.quoll.integration.Hosts.Line;
import io.quoll.integration.ServerProcess;
import io.quoll.integration.suite.SuiteRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A leader that hears no other server any more, while its clients reach it: from then on it
 * acknowledges no write, no strict read of it is stale, and it soon stops calling itself leader,
 * whether it is idle or busy. Not thread-safe.
 */
final class IsolatedLeader {
  private static final String NEWEST = "/newest-by-others";
  private static final String LATE = "/late";
  private static final int NEWEST_VALUE = 50;
  private static final Duration SOON = Duration.ofSeconds(3);
  // The machine may be busy with other things; how long it took is in the report.
  private static final Duration GIVE_UP_MAX = Duration.ofMinutes(1);
  private static final Duration OTHERS_MAX = Duration.ofMinutes(3);
  private static final Duration ANSWER_MAX = Duration.ofMinutes(4);
  private static final Duration LOOK = Duration.ofMillis(50);

  private final Site site;
  private final SuiteRun run;
  private final AtomicInteger acknowledged = new AtomicInteger();
  private final List<ReadAtOld> reads = new ArrayList<>();
  private final List<CompletableFuture<?>> writes = new ArrayList<>();
  private final List<String> violations = new ArrayList<>();

  /** A strict read, and what others had acknowledged when it began. */
  private record ReadAtOld(int acknowledged, CompletableFuture<ZnodeData> data) {}

  IsolatedLeader(Site site, SuiteRun run) {
    this.site = site;
    this.run = run;
  }

  /** Cuts the leader off, and tells what was not as it must be. */
  List<String> violations(boolean busy) {
    ServerProcess old = site.ensemble().leader();
    int id = site.idOf(old);
    List<ServerProcess> others = site.ensemble().allBut(old);
    try (QuollClient atOld = Ensemble.strictClientOf(old);
        QuollClient atOthers = Ensemble.client(others, Consistency.LOCAL)) {
      createAll(atOthers, busy);
      site.hosts().cut(id, Line.PEERS);
      long cut = System.nanoTime();
      await("the leader that is cut off gives up")
          .atMost(GIVE_UP_MAX)
          .pollDelay(Duration.ZERO)
          .pollInterval(LOOK)
          .until(() -> !isLeader(old, atOld, busy));
      Duration took = Duration.ofNanos(System.nanoTime() - cut);
      run.say(
          "a leader that is cut off and %s stopped calling itself leader after %d ms%s",
          busy ? "busy" : "idle",
          took.toMillis(),
          took.compareTo(SOON) > 0
              ? ", more than the 3 s that it may take where there is room"
              : "");
      awaitOthers(atOthers);
      for (int value = 1; value <= NEWEST_VALUE; value++) {
        setByOthers(atOthers, value);
        ask(atOld);
      }
      requireNothingAcknowledged();
      site.mend();
      requireTold(atOthers, busy);
      requireNothingStale();
    }
    return violations;
  }

  private void createAll(QuollClient client, boolean busy) {
    if (client.exists(NEWEST).isEmpty()) {
      client.create(NEWEST, null, CreateMode.PERSISTENT);
    }
    client.setData(NEWEST, number(0), Write.ANY_VERSION);
    client.create(LATE + busy, null, CreateMode.PERSISTENT);
  }

  private boolean isLeader(ServerProcess old, QuollClient atOld, boolean busy) {
    if (busy) {
      ask(atOld);
      writes.add(
          atOld.async().create(LATE + true + "/" + writes.size(), null, CreateMode.PERSISTENT));
    }
    return old.standing().map(at -> at.getRole() == Role.LEADER).orElse(true);
  }

  private void ask(QuollClient atOld) {
    reads.add(new ReadAtOld(acknowledged.get(), atOld.async().data(NEWEST)));
  }

  private void awaitOthers(QuollClient client) {
    await("the others, who are a majority, go on")
        .atMost(OTHERS_MAX)
        .ignoreExceptionsInstanceOf(QuollException.class)
        .until(() -> client.setData(NEWEST, number(0), Write.ANY_VERSION) != null);
  }

  private void setByOthers(QuollClient client, int value) {
    try {
      client.setData(NEWEST, number(value), Write.ANY_VERSION);
      acknowledged.set(value);
    } catch (QuollException electing) {
      run.say("the others do not take %d: %s", value, electing.code());
    }
  }

  private static ByteString number(int number) {
    return ByteString.copyFrom(Integer.toString(number), UTF_8);
  }

  // Its answers may come at any time from when it hears the others again, and no sooner.
  private void requireNothingAcknowledged() {
    writes.stream()
        .filter(write -> write.isDone() && !write.isCompletedExceptionally())
        .forEach(write -> violations.add("a write was acknowledged by a leader that is cut off"));
  }

  private void requireTold(QuollClient client, boolean busy) {
    List<Applied> told = new ArrayList<>();
    for (CompletableFuture<?> write : writes) {
      told.add(
          answered(
              write.handle(
                  (reply, failure) ->
                      failure == null ? Applied.YES : QuollException.in(failure).applied())));
    }
    client.sync("/");
    for (int i = 0; i < told.size(); i++) {
      boolean exists = client.exists(LATE + busy + "/" + i).isPresent();
      if (told.get(i) == (exists ? Applied.NO : Applied.YES)) {
        violations.add("a write was said to be applied: %s; is there: %s".formatted(told, exists));
      }
    }
  }

  private void requireNothingStale() {
    for (ReadAtOld read : reads) {
      int shown =
          answered(
              read.data()
                  .handle(
                      (found, failure) ->
                          failure == null
                              ? Integer.parseInt(requireNonNull(found.data()).toString(UTF_8))
                              : Integer.MAX_VALUE));
      if (shown < read.acknowledged()) {
        violations.add(
            "a strict read shows %d, begun after %d was acknowledged"
                .formatted(shown, read.acknowledged()));
      }
    }
  }

  private static <T> T answered(CompletableFuture<T> answer) {
    return answer.orTimeout(ANSWER_MAX.toMillis(), TimeUnit.MILLISECONDS).join();
  }
}
