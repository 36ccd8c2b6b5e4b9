package io.quoll.client;

import io.grpc.CallOptions;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.quoll.client.Failure.Next;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One call, from its first attempt to its end. A read, and a write that no server can have acted
 * on, is tried on one server after the other until the request timeout; a write whose outcome is
 * not known ends the call.
 *
 * <p>Confined to one attempt at a time, so to one thread at a time.
 */
final class Call<Q, R, T> {
  /** The pause after every server was tried in vain. */
  private static final long ROUND_PAUSE_MILLIS = 100;

  /** With less time than this left a call ends with what it was told, rather than in a timeout. */
  private static final long ATTEMPT_MILLIS_MIN = 50;

  private final Caller caller;
  private final Operation<Q, R> operation;
  private final Q request;
  private final Function<R, T> answer;
  private final CompletableFuture<T> result = new CompletableFuture<>();
  private final long startNanos = System.nanoTime();
  private final Map<ServerAddress, String> unreached = new LinkedHashMap<>();
  private int unreachedInARow;
  private long unreachedSinceNanos;

  Call(Caller caller, Operation<Q, R> operation, Q request, Function<R, T> answer) {
    this.caller = caller;
    this.operation = operation;
    this.request = request;
    this.answer = answer;
  }

  CompletableFuture<T> result() {
    return result;
  }

  void attempt() {
    if (caller.connections().isClosed()) {
      fail(closed());
      return;
    }
    SentTracer tracer = new SentTracer();
    Connection connection = caller.connections().current();
    CallOptions options =
        CallOptions.DEFAULT
            .withDeadlineAfter(attemptNanos(), TimeUnit.NANOSECONDS)
            .withStreamTracerFactory(tracer);
    ClientCalls.asyncUnaryCall(
        caller.keyring().interceptCall(operation.method(), options, connection.channel()),
        request,
        new StreamObserver<R>() {
          private @Nullable R reply;

          @Override
          public void onNext(R value) {
            reply = value;
          }

          @Override
          public void onError(Throwable thrown) {
            failed(thrown, tracer.isSent(), connection);
          }

          @Override
          public void onCompleted() {
            succeeded(reply);
          }
        });
  }

  private void succeeded(@Nullable R reply) {
    try {
      if (reply == null) {
        throw new IllegalStateException("the server ended the call without a reply");
      }
      caller.seen().see(operation.header().apply(reply).getZxid());
      result.complete(answer.apply(reply));
    } catch (RuntimeException unreadable) {
      Applied applied = operation.isWrite() ? Applied.YES : Applied.NO;
      String message = "unreadable reply: " + unreadable.getMessage();
      fail(new QuollException(ErrorCode.UNKNOWN, null, applied, message, unreadable));
    }
  }

  private void failed(Throwable thrown, boolean isSent, Connection connection) {
    Failure failure =
        caller.failures().judge(thrown, operation.isWrite(), isSent, connection.address());
    boolean mayTry = failure.next() == Next.TRY_AGAIN || failure.next() == Next.TRY_NEXT;
    if (failure.next() == Next.TRY_NEXT || failure.next() == Next.FAIL_AND_LEAVE) {
      caller.connections().leave(connection);
    }
    noteReach(failure.exception(), connection.address());
    long delayMillis = delayMillis(failure);
    if (!mayTry || isOver(delayMillis)) {
      fail(inTheEnd(failure.exception()));
      return;
    }
    if (delayMillis == 0) {
      attempt();
      return;
    }
    CompletableFuture.delayedExecutor(delayMillis, TimeUnit.MILLISECONDS, Runnable::run)
        .execute(this::attempt);
  }

  private void noteReach(QuollException exception, ServerAddress address) {
    if (exception.code() != ErrorCode.UNREACHABLE) {
      unreachedInARow = 0;
      return;
    }
    if (unreachedInARow == 0) {
      unreachedSinceNanos = System.nanoTime();
    }
    unreachedInARow++;
    unreached.put(address, String.valueOf(exception.getMessage()));
  }

  private long delayMillis(Failure failure) {
    boolean roundEnds = unreachedInARow > 0 && unreachedInARow % caller.serverCount() == 0;
    return roundEnds ? ROUND_PAUSE_MILLIS : failure.delayMillis();
  }

  private boolean isOver(long delayMillis) {
    boolean isOutOfPatience =
        unreachedInARow >= caller.serverCount()
            && System.nanoTime() - unreachedSinceNanos > caller.unreachablePatience().toNanos();
    return isOutOfPatience
        || TimeUnit.MILLISECONDS.toNanos(delayMillis + ATTEMPT_MILLIS_MIN) > remainingNanos();
  }

  private QuollException inTheEnd(QuollException last) {
    if (caller.connections().isClosed()) {
      Applied applied = last.applied();
      return new QuollException(ErrorCode.CLOSED, null, applied, "the client was closed", last);
    }
    if (last.code() != ErrorCode.UNREACHABLE) {
      return last;
    }
    String message = "no server could be reached, tried " + String.join("; ", unreached.values());
    return new QuollException(ErrorCode.UNREACHABLE, null, Applied.NO, message, last);
  }

  private static QuollException closed() {
    return new QuollException(ErrorCode.CLOSED, null, Applied.NO, "the client was closed", null);
  }

  private void fail(QuollException exception) {
    result.completeExceptionally(exception);
  }

  private long remainingNanos() {
    return caller.requestTimeout().toNanos() - (System.nanoTime() - startNanos);
  }

  // A read leaves time to ask every other server too. A write is left all the time there is, since
  // giving it up early would leave its outcome unknown.
  private long attemptNanos() {
    long share = caller.requestTimeout().toNanos() / caller.serverCount();
    long remaining = Math.max(1, remainingNanos());
    return operation.isWrite() ? remaining : Math.min(share, remaining);
  }
}
