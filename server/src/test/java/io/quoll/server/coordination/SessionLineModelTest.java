package io.quoll.server.coordination;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.GetChildren;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.state.ZnodePath;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Any mix of requests, held replies and misses answers as if one ended before the next. */
class SessionLineModelTest {
  private final LineHarness harness = new LineHarness();
  private final FakeStore store = harness.store;
  private final FakeConsensus consensus = harness.consensus;
  private final Outbox outbox = harness.outbox;
  private final SessionLine line = harness.line;

  @AfterEach
  void close() {
    harness.close();
  }

  @Test
  void everyMixOfRequestsAnswersLikeTheSequentialModel() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<Expected> expected = new ArrayList<>();
    Map<String, Integer> model = new HashMap<>();
    List<SessionItem> items = new ArrayList<>();
    line.add(new SessionRequest.AddWatch(harness.nextXid(), ZnodePath.ROOT, WatchMode.RECURSIVE));
    expected.add(new Expected(harness.lastXid(), "WatchAdded"));
    for (int step = 0; step < 3_000; step++) {
      switch (random.nextInt(10)) {
        case 0 -> consensus.holdReplies();
        case 1 -> consensus.releaseReplies();
        case 2 -> store.setForgetful(random.nextBoolean());
        case 3 -> line.advance();
        case 4 -> items.addAll(outbox.take(500));
        case 5 -> consensus.delaySubmissions();
        case 6 -> consensus.submitDelayed();
        default -> expected.add(addAny(random, model));
      }
    }
    harness.drain(items, expected.size());

    assertThat(items.stream().filter(SessionItem.Reply.class::isInstance).map(this::shown))
        .as("seed %d", seed)
        .containsExactlyElementsOf(expected);
    LineHarness.assertOrdered(items, seed);
  }

  private record Expected(long xid, String outcome) {}

  private Expected addAny(Random random, Map<String, Integer> model) {
    String path = "/n" + random.nextInt(5);
    int version = model.getOrDefault(path, -1);
    switch (random.nextInt(10)) {
      case 0, 1 -> {
        line.add(harness.write(LineHarness.create(path)));
        model.putIfAbsent(path, 0);
        return new Expected(harness.lastXid(), version < 0 ? "Created" : "NODE_EXISTS");
      }
      case 2, 3, 4 -> {
        SetData set = new SetData(ZnodePath.of(path), null, -1);
        line.add(harness.write(set));
        model.computeIfPresent(path, (same, before) -> before + 1);
        return new Expected(
            harness.lastXid(), version < 0 ? "NO_NODE" : "version " + (version + 1));
      }
      case 5 -> {
        line.add(new SessionRequest.Sync(harness.nextXid()));
        return new Expected(harness.lastXid(), "Synced");
      }
      case 6 -> {
        GetChildren children = new GetChildren(ZnodePath.ROOT, "", 100, false, false);
        line.add(new SessionRequest.Read(harness.nextXid(), children, ReadOptions.LOCAL, null));
        return new Expected(harness.lastXid(), "children " + (model.size() + 2));
      }
      default -> {
        boolean watched = random.nextInt(4) == 0;
        line.add(
            new SessionRequest.Read(
                harness.nextXid(),
                new GetData(ZnodePath.of(path)),
                new ReadOptions(random.nextInt(5) == 0, 0),
                watched ? WatchMode.DATA : null));
        return new Expected(harness.lastXid(), version < 0 ? "NO_NODE" : "version " + version);
      }
    }
  }

  private Expected shown(SessionItem item) {
    SessionItem.Reply reply = (SessionItem.Reply) item;
    return new Expected(reply.xid(), outcome(reply.reply()));
  }

  private static String outcome(SessionReply reply) {
    if (reply instanceof SessionReply.Wrote wrote) {
      if (wrote.result() instanceof Result.DataSet set) {
        return "version " + set.stat().version();
      }
      return wrote.result() instanceof Result.Rejected rejected
          ? rejected.code().name()
          : wrote.result().getClass().getSimpleName();
    }
    if (reply instanceof SessionReply.Read read) {
      if (read.answer() instanceof Answer.Data data) {
        return "version " + data.stat().version();
      }
      return read.answer() instanceof Answer.Rejected rejected
          ? rejected.code().name()
          : "children " + ((Answer.Children) read.answer()).children().size();
    }
    return reply.getClass().getSimpleName();
  }
}
