package io.quoll.cli.reply;

import com.google.common.collect.ImmutableMap;
import io.quoll.client.SessionState;
import io.quoll.client.WatchEvent;
import io.quoll.client.WatchGap;
import io.quoll.client.WatchHandler;
import io.quoll.client.WatchKind;

/** Prints what the watches of a session see, and how it stands. Thread-safe. */
public final class WatchPrinter implements WatchHandler {
  private final Output output;
  private volatile boolean isOn = true;
  private volatile SessionState state = SessionState.CONNECTED;

  /** A printer that is on. */
  public WatchPrinter(Output output) {
    this.output = output;
  }

  /** Whether it prints. */
  public boolean isOn() {
    return isOn;
  }

  /** From now on prints, or does not. */
  public void turn(boolean on) {
    isOn = on;
  }

  @Override
  public void onEvent(WatchEvent event) {
    if (isOn) {
      output.event(EventText.of(event), EventText.json(event));
    }
  }

  @Override
  public void onGap(WatchGap gap) {
    output.state(
        "Events after zxid %d and up to %d may be missing; read anew what is watched"
            .formatted(gap.afterZxid(), gap.throughZxid()),
        ImmutableMap.of("gapAfterZxid", gap.afterZxid(), "gapThroughZxid", gap.throughZxid()));
  }

  @Override
  public void onRemoved(String path, WatchKind kind) {
    if (isOn) {
      output.event(EventText.ofRemoved(path, kind, state), EventText.jsonOfRemoved(path, kind));
    }
  }

  /** From now on the session stands so; nothing is printed. */
  public void noteState(SessionState now) {
    state = now;
  }

  /** Prints that the session has come to another state. */
  public void printState(SessionState now) {
    if (isOn) {
      output.state(EventText.of(now), ImmutableMap.of("state", now.name()));
    }
  }
}
