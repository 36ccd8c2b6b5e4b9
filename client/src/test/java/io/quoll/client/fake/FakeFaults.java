package io.quoll.client.fake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.quoll.api.v1.ErrorCode;
import java.util.Optional;

/** What goes wrong at a fake server's streams. Thread-safe. */
final class FakeFaults {
  @GuardedBy("this")
  private int requestsUntilCut;

  @GuardedBy("this")
  private boolean losesReplies;

  @GuardedBy("this")
  private int writesToRefuse;

  @GuardedBy("this")
  private ErrorCode refusal = ErrorCode.ERROR_CODE_OK;

  synchronized void cutAfter(int requests) {
    requestsUntilCut = requests;
  }

  synchronized void loseReplies(boolean loses) {
    losesReplies = loses;
  }

  synchronized void refuseWrites(int count, ErrorCode code) {
    writesToRefuse = count;
    refusal = code;
  }

  synchronized boolean losesReplies() {
    return losesReplies;
  }

  /** A request was done: whether the stream is to be cut now. */
  synchronized boolean isCutNow() {
    return requestsUntilCut > 0 && --requestsUntilCut == 0;
  }

  synchronized Optional<ErrorCode> refusedWrite() {
    if (writesToRefuse == 0) {
      return Optional.empty();
    }
    writesToRefuse--;
    return Optional.of(refusal);
  }
}
