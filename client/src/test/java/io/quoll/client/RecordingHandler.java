package io.quoll.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told, as text. Thread-safe. */
final class RecordingHandler implements WatchHandler {
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final List<SessionState> states = new CopyOnWriteArrayList<>();
  private final List<WatchGap> gaps = new CopyOnWriteArrayList<>();
  private final List<Long> zxids = new CopyOnWriteArrayList<>();

  @Override
  public void onEvent(WatchEvent event) {
    told.add(event.type().name().replace("NODE_", "") + " " + event.path());
    zxids.add(event.zxid());
  }

  @Override
  public void onState(SessionState state) {
    states.add(state);
  }

  @Override
  public void onGap(WatchGap gap) {
    gaps.add(gap);
  }

  @Override
  public void onRemoved(String path, WatchKind kind) {
    told.add("removed " + kind + " " + path);
  }

  List<String> told() {
    return told;
  }

  List<SessionState> states() {
    return states;
  }

  List<WatchGap> gaps() {
    return gaps;
  }

  List<Long> zxids() {
    return zxids;
  }
}
