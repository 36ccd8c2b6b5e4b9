package io.quoll.server.grpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongFunction;

/**
 * One unary call while it is served: keeps its deadline, heeds its cancellation, and ends it once,
 * with a reply or an error.
 *
 * @param <R> what the core answers
 * @param <T> the reply
 */
final class UnaryCall<R, T> {
  /** How long a call may take that comes without a deadline. */
  static final Duration DEADLINE_DEFAULT = Duration.ofSeconds(30);

  private final ServerCallStreamObserver<T> responses;
  private final Function<R, T> reply;
  private final Function<Throwable, ? extends Throwable> error;

  /**
   * Takes a call, in the gRPC context of which this is called.
   *
   * @param reply makes the reply of what the core answered
   * @param error makes what the client is told of a failure
   */
  UnaryCall(
      StreamObserver<T> responses,
      Function<R, T> reply,
      Function<Throwable, ? extends Throwable> error) {
    this.responses = (ServerCallStreamObserver<T>) responses;
    this.reply = reply;
    this.error = error;
  }

  /** Has {@code work} do the call, which gets the deadline by {@link System#nanoTime}. */
  void serve(LongFunction<CompletableFuture<R>> work) {
    CompletableFuture<R> answer = begin(work);
    responses.setOnCancelHandler(() -> answer.cancel(false));
    var unusedEnd = answer.whenComplete(this::end);
  }

  private CompletableFuture<R> begin(LongFunction<CompletableFuture<R>> work) {
    try {
      return work.apply(deadlineNanos());
    } catch (RuntimeException failure) { // A rejection of the request, or a defect: end() tells.
      return CompletableFuture.failedFuture(failure);
    }
  }

  private static long deadlineNanos() {
    Deadline deadline = Context.current().getDeadline();
    return System.nanoTime()
        + (deadline == null
            ? DEADLINE_DEFAULT.toNanos()
            : deadline.timeRemaining(TimeUnit.NANOSECONDS));
  }

  private void end(R answer, Throwable failure) {
    if (responses.isCancelled()) {
      return;
    }
    if (failure != null) {
      responses.onError(error.apply(failure));
      return;
    }
    T message;
    try {
      message = reply.apply(answer);
    } catch (RuntimeException rejection) { // The core's own rejection, or a defect.
      responses.onError(error.apply(rejection));
      return;
    }
    responses.onNext(message);
    responses.onCompleted();
  }
}
