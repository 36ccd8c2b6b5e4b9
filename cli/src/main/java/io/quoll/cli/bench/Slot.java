package io.quoll.cli.bench;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The place of one request in flight. Used by one thread at a time: whoever starts it, then whoever
 * completes its request.
 */
final class Slot implements Completion {
  private final LoadSession session;
  private final int sessionNumber;
  private final RequestSequence requests;
  private final Tally tally;
  private final Consumer<Slot> answered;
  private final Consumer<Slot> failed;
  private long startNanos;
  private boolean counts;

  /**
   * A slot without a request.
   *
   * @param answered is given the slot when its request was answered
   * @param failed is given the slot when its request failed, which may be at once
   */
  Slot(
      LoadSession session,
      int sessionNumber,
      RequestSequence requests,
      Tally tally,
      Consumer<Slot> answered,
      Consumer<Slot> failed) {
    this.session = session;
    this.sessionNumber = sessionNumber;
    this.requests = requests;
    this.tally = tally;
    this.answered = answered;
    this.failed = failed;
  }

  /** Makes the next request, whose time counts from {@code nanos} on. */
  void start(long nanos) {
    startNanos = nanos;
    counts = requests.advance();
    requests.send(session, this);
  }

  @Override
  public void done(@Nullable Throwable failure) {
    if (failure != null) {
      tally.failed(failure);
      failed.accept(this);
      return;
    }
    if (counts) {
      tally.answered(sessionNumber, System.nanoTime() - startNanos);
    }
    answered.accept(this);
  }
}
