package io.quoll.integration.oracle;

import static org.awaitility.Awaitility.await;

import io.quoll.client.CreateMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/**
 * Steps that are done by ZooKeeper and by Quoll, one after the other in lock step, below a root of
 * their own. After every step the answers are compared, and what the acting session saw before;
 * what the other sessions saw is compared when they act, and every few steps. Confined to one
 * thread.
 */
final class Trial {
  private static final Duration LONG_TIMEOUT = Duration.ofSeconds(40);
  private static final Duration SHORT_TIMEOUT = Duration.ofSeconds(3);
  private static final int ANSWER_SECONDS_MAX = 120;
  private static final String MARK = "/mortal";

  private final Side zooKeeper;
  private final Side quoll;
  private final String root;
  private final int nodes;
  private final int stepsUntilLook;
  private final Tally tally;
  private final Owners zooKeeperOwners = new Owners();
  private final Owners quollOwners = new Owners();
  private final Pairing pairing = new Pairing();
  private final List<Pair> sessions = new ArrayList<>();
  private int opened;

  /** A session at each of the two. */
  private record Pair(Client zooKeeper, Client quoll) {}

  /**
   * A trial that has not begun.
   *
   * @param root where its znodes are
   * @param nodes how many servers each side has, over which the sessions are spread
   * @param stepsUntilLook after how many steps all sessions are compared
   */
  Trial(Side zooKeeper, Side quoll, String root, int nodes, int stepsUntilLook, Tally tally) {
    this.zooKeeper = zooKeeper;
    this.quoll = quoll;
    this.root = root;
    this.nodes = nodes;
    this.stepsUntilLook = stepsUntilLook;
    this.tally = tally;
  }

  /** Does the steps, up to the first difference, which it tells. */
  Optional<String> run(List<Step> steps) {
    boolean hasMortal = steps.stream().anyMatch(Step.Expire.class::isInstance);
    try {
      begin(hasMortal);
      return compare(steps);
    } finally {
      end();
    }
  }

  private void begin(boolean hasMortal) {
    sessions.add(open(0, LONG_TIMEOUT));
    Optional<String> difference = ask(0, new Operation.Create("", null, CreateMode.PERSISTENT, 0));
    if (difference.isPresent()) {
      throw new IllegalStateException("the root is not created: " + difference.get());
    }
    for (int i = 1; i < Step.SESSIONS; i++) {
      boolean isMortal = hasMortal && i == Step.Expire.MORTAL;
      sessions.add(open(i, isMortal ? SHORT_TIMEOUT : LONG_TIMEOUT));
    }
  }

  private Pair open(int number, Duration timeout) {
    String name = "session %d, the %d. that is opened".formatted(number, ++opened);
    boolean hasChroot = number == Step.SESSIONS - 1;
    String chroot = hasChroot ? root : "";
    Root names = new Root(hasChroot ? "" : root, chroot);
    return new Pair(
        zooKeeper.open(number, chroot, names, zooKeeperOwners, name, timeout),
        quoll.open(number, chroot, names, quollOwners, name, timeout));
  }

  private Optional<String> compare(List<Step> steps) {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      Optional<String> difference = compare(step);
      if (difference.isEmpty() && (i + 1 == steps.size() || (i + 1) % stepsUntilLook == 0)) {
        difference = compareAll();
      }
      if (difference.isPresent()) {
        String where = "step %d, %s:%n".formatted(i + 1, step);
        return difference.map(words -> where + words);
      }
    }
    return Optional.empty();
  }

  private Optional<String> compare(Step step) {
    if (step instanceof Step.Request request) {
      Optional<String> caughtUp =
          nodes > 1 ? look(request.session(), pairing::difference) : Optional.empty();
      return caughtUp.isPresent() ? caughtUp : ask(request.session(), request.operation());
    }
    Optional<String> difference = compareAll();
    if (difference.isPresent()) {
      return difference;
    }
    return step instanceof Step.Expire ? expire() : reopen(step.session(), LONG_TIMEOUT);
  }

  private Optional<String> reopen(int session, Duration timeout) {
    Pair pair = sessions.get(session);
    joined(pair.zooKeeper().close());
    joined(pair.quoll().close());
    sessions.set(session, open(session, timeout));
    tally.add("close");
    return compareAll(pairing::differenceAfterClose);
  }

  private Optional<String> expire() {
    Pair mortal = sessions.get(Step.Expire.MORTAL);
    Operation mark = new Operation.Create(MARK, null, CreateMode.EPHEMERAL, 0);
    Seen marked = joined(mark.by(mortal.zooKeeper()));
    joined(mark.by(mortal.quoll()));
    if (!marked.text().startsWith("OK")) { // The root is gone, and nobody could see it expire.
      return reopen(Step.Expire.MORTAL, SHORT_TIMEOUT);
    }
    mortal.zooKeeper().abandon();
    mortal.quoll().abandon();
    awaitUnmarked(sessions.get(0).zooKeeper());
    awaitUnmarked(sessions.get(0).quoll());
    sessions.set(Step.Expire.MORTAL, open(Step.Expire.MORTAL, SHORT_TIMEOUT));
    tally.add("expire");
    return compareAll(
        (theirs, ours) -> pairing.differenceAfterClose(answered(theirs), answered(ours)));
  }

  // Without the answers while it was waited for the end, whose number is another at each.
  private static List<Seen> answered(List<Seen> log) {
    return log.stream().filter(Seen::isEvent).toList();
  }

  private static void awaitUnmarked(Client witness) {
    await("the session that vanished expires")
        .atMost(Duration.ofSeconds(ANSWER_SECONDS_MAX))
        .pollInterval(Duration.ofMillis(100))
        .until(
            () ->
                joined(new Operation.Exists(MARK, Operation.NO_WATCHER).by(witness))
                    .text()
                    .equals("NONODE"));
  }

  private Optional<String> ask(int session, Operation operation) {
    Pair pair = sessions.get(session);
    CompletableFuture<Seen> theirs = operation.by(pair.zooKeeper());
    CompletableFuture<Seen> ours = operation.by(pair.quoll());
    Seen answer = joined(theirs);
    joined(ours);
    tally.add(operation, answer);
    return compareLogs(pair, pairing::difference);
  }

  private Optional<String> compareLogs(
      Pair pair, BiFunction<List<Seen>, List<Seen>, Optional<String>> comparison) {
    List<Seen> theirs = pair.zooKeeper().takeLog();
    List<Seen> ours = pair.quoll().takeLog();
    tally.addEvents(theirs);
    return comparison.apply(theirs, ours);
  }

  private Optional<String> compareAll() {
    return compareAll(pairing::difference);
  }

  private Optional<String> compareAll(
      BiFunction<List<Seen>, List<Seen>, Optional<String>> comparison) {
    for (int i = 0; i < sessions.size(); i++) {
      Optional<String> difference = look(i, comparison);
      if (difference.isPresent()) {
        int session = i;
        return difference.map(words -> "session %d:%n".formatted(session) + words);
      }
    }
    return Optional.empty();
  }

  // What a session was told of all that was acknowledged by now.
  private Optional<String> look(
      int session, BiFunction<List<Seen>, List<Seen>, Optional<String>> comparison) {
    Pair pair = sessions.get(session);
    Operation look =
        nodes > 1 ? new Operation.Sync("!/") : new Operation.Exists("!/none", Operation.NO_WATCHER);
    CompletableFuture<Seen> theirs = look.by(pair.zooKeeper());
    CompletableFuture<Seen> ours = look.by(pair.quoll());
    joined(theirs);
    joined(ours);
    return compareLogs(pair, comparison);
  }

  private void end() {
    List<CompletableFuture<?>> closing = new ArrayList<>();
    for (Pair pair : sessions) {
      closing.add(pair.zooKeeper().close());
      closing.add(pair.quoll().close());
    }
    closing.forEach(Trial::joined);
    zooKeeper.deleteAll(root);
    quoll.deleteAll(root);
  }

  private static <T> T joined(CompletableFuture<T> answer) {
    return answer.orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS).join();
  }
}
