package io.quoll.integration.history;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A history as a faultless ensemble would give it, made without one: calls overlap, and each takes
 * effect at one moment. Confined to one thread.
 */
final class SimulatedRun {
  private static final int SESSIONS = 3;
  private static final int STEP = 100;

  private final Random random;
  private final Registers model = new Registers();
  private final List<Call> calls = new ArrayList<>();
  private final List<Timed<String, String>> names = new ArrayList<>();
  private final List<List<History.Told>> told = new ArrayList<>();
  private final List<History.Notice> notices = new ArrayList<>();
  private final List<History.Event> changes = new ArrayList<>();
  private final Map<String, Long> zxids = new HashMap<>();
  private ImmutableSortedMap<String, Registers.Register> state = ImmutableSortedMap.of();
  private long zxid = 100;
  private long time;

  private SimulatedRun(long seed) {
    random = new Random(seed);
    for (int i = 0; i < SESSIONS; i++) {
      told.add(new ArrayList<>());
    }
  }

  /** A history of so many calls. */
  static History of(long seed, int count) {
    SimulatedRun run = new SimulatedRun(seed);
    for (int i = 0; i < count; i++) {
      run.step();
    }
    return run.history();
  }

  private History history() {
    ImmutableList.Builder<History.SessionRecord> sessions = ImmutableList.builder();
    for (int i = 0; i < SESSIONS; i++) {
      sessions.add(new History.SessionRecord(i, ImmutableList.copyOf(told.get(i))));
    }
    return new History(
        ImmutableList.copyOf(calls),
        ImmutableList.copyOf(names),
        sessions.build(),
        ImmutableList.of(new History.WatchRecord("watch", 0, "/h", ImmutableList.copyOf(notices))),
        ImmutableList.copyOf(changes));
  }

  private void step() {
    time += STEP;
    if (random.nextInt(10) == 0) {
      name();
      return;
    }
    Call.Request request = new RandomRequests(random).next("/h/g", "v" + time);
    long moment = time;
    Call.@Nullable Reply reply = request.isRead() ? read(request) : write(request);
    boolean isLost = !request.isRead() && random.nextInt(50) == 0;
    int number = calls.size();
    int session = random.nextInt(SESSIONS);
    calls.add(
        new Call(
            number,
            session,
            random.nextBoolean(),
            new Timed<>(
                moment - random.nextInt(STEP * 3),
                isLost ? Timed.NEVER : moment + random.nextInt(STEP * 3),
                request,
                isLost ? null : reply)));
    if (!isLost) {
      told.get(session).add(new History.Answered(number));
    }
  }

  private void name() {
    String name = "/h/names/n-%010d".formatted(names.size());
    names.add(new Timed<>(time - random.nextInt(STEP), time + random.nextInt(STEP), "name", name));
    zxid++;
    happen(ImmutableList.of(new History.Event(zxid, name, History.Kind.CREATED)));
  }

  private Call.Reply read(Call.Request request) {
    ImmutableList.Builder<Call.PartReply> parts = ImmutableList.builder();
    for (Part part : request.parts()) {
      Registers.Register found = state.get(part.path());
      parts.add(
          found == null
              ? new Call.PartReply("NO_NODE", null, 0, 0)
              : new Call.PartReply(
                  "OK", found.value(), found.version(), zxids.getOrDefault(part.path(), 0L)));
    }
    return new Call.Reply(parts.build());
  }

  private Call.Reply write(Call.Request request) {
    ImmutableList<Part> parts = request.parts();
    for (int failing = 0; failing < parts.size(); failing++) {
      for (String code : List.of("NODE_EXISTS", "NO_NODE", "BAD_VERSION")) {
        Call.Reply reply = failed(parts.size(), failing, code);
        if (model.step(state, request, reply).isPresent()) {
          return reply;
        }
      }
    }
    zxid++;
    state = model.step(state, request, null).orElseThrow();
    ImmutableList.Builder<Call.PartReply> replies = ImmutableList.builder();
    ImmutableList.Builder<History.Event> events = ImmutableList.builder();
    for (Part part : parts) {
      if (part instanceof Part.Check) {
        replies.add(new Call.PartReply("OK", null, 0, 0));
        continue;
      }
      boolean deletes = part instanceof Part.Delete;
      events.add(
          new History.Event(
              zxid,
              part.path(),
              part instanceof Part.Create
                  ? History.Kind.CREATED
                  : deletes ? History.Kind.DELETED : History.Kind.CHANGED));
      zxids.put(part.path(), zxid);
      Registers.Register after = state.get(part.path());
      replies.add(
          after == null
              ? new Call.PartReply("OK", null, 0, 0)
              : new Call.PartReply("OK", null, after.version(), zxid));
    }
    happen(events.build());
    return new Call.Reply(replies.build());
  }

  private static Call.Reply failed(int size, int failing, String code) {
    ImmutableList.Builder<Call.PartReply> parts = ImmutableList.builder();
    for (int i = 0; i < size; i++) {
      String each = i < failing ? "OK" : i == failing ? code : "RUNTIME_INCONSISTENCY";
      parts.add(new Call.PartReply(each, null, 0, 0));
    }
    return new Call.Reply(parts.build());
  }

  private void happen(ImmutableList<History.Event> events) {
    if (events.isEmpty()) {
      return;
    }
    changes.addAll(events);
    notices.add(new History.Batch(zxid, events));
    if (random.nextInt(20) == 0) {
      notices.add(new History.Bookmark(zxid));
    }
    told.forEach(each -> events.forEach(event -> each.add(new History.Noticed(event))));
  }
}
