package io.quoll.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;
import io.quoll.client.Applied;
import io.quoll.client.Child;
import io.quoll.client.CreateMode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Creates znodes of its own below one parent, several at a time, each name once. */
final class Creator implements Writer {
  private static final int IN_FLIGHT = 8;
  private static final int ANSWER_SECONDS_MAX = 60;

  private final QuollClient client;
  private final String parent;
  private final Map<String, Applied> outcomes = new ConcurrentHashMap<>();
  private final Semaphore permits = new Semaphore(IN_FLIGHT);
  private int count;

  Creator(QuollClient client, String parent) {
    this.client = client;
    this.parent = parent;
  }

  @Override
  public void step() throws InterruptedException {
    acquire(1);
    String name = "n%08d".formatted(count++);
    var unused =
        client
            .async()
            .create(parent + "/" + name, bytes(name), CreateMode.PERSISTENT)
            .whenComplete((created, failure) -> ended(name, failure));
  }

  private void ended(String name, @Nullable Throwable failure) {
    outcomes.put(name, failure == null ? Applied.YES : QuollException.in(failure).applied());
    permits.release();
  }

  @Override
  public void finish() throws InterruptedException {
    acquire(IN_FLIGHT);
  }

  private void acquire(int wanted) throws InterruptedException {
    if (!permits.tryAcquire(wanted, ANSWER_SECONDS_MAX, TimeUnit.SECONDS)) {
      throw new IllegalStateException("creates below " + parent + " are not answered");
    }
  }

  @Override
  public long acknowledged() {
    return outcomes.values().stream().filter(Applied.YES::equals).count();
  }

  @Override
  public List<String> violations(QuollClient reader) {
    Map<String, ByteString> present =
        reader.allChildren(parent, PageRequest.first().withDatas()).children().stream()
            .collect(Collectors.toMap(Child::name, child -> child.data()));
    List<String> violations = new ArrayList<>();
    outcomes.forEach(
        (name, applied) -> {
          if (applied == Applied.YES && !bytes(name).equals(present.get(name))) {
            violations.add(parent + "/" + name + " was acknowledged and is not there");
          }
          if (applied == Applied.NO && present.containsKey(name)) {
            violations.add(parent + "/" + name + " was said not to be applied and is there");
          }
        });
    return violations;
  }

  private static ByteString bytes(String text) {
    return ByteString.copyFrom(text, UTF_8);
  }
}
