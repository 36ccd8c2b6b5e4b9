package io.quoll.cli.tree;

import io.quoll.client.Applied;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ErrorCode;
import io.quoll.client.QuollException;
import io.quoll.client.QuollRuntime;
import io.quoll.client.SessionOptions;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** A session, and the threads that it lives on. Thread-safe. */
final class HeldSession implements AutoCloseable {
  /** How long to wait for a first server when some were tried and none could be reached. */
  private static final Duration UNREACHABLE_PATIENCE = Duration.ofSeconds(2);

  /** How long to wait for the end; a session that is not closed ends by itself, but later. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(3);

  private final QuollRuntime runtime;
  private final AsyncQuollSession session;
  private final Duration openPatience;

  private HeldSession(QuollRuntime runtime, AsyncQuollSession session, Duration openPatience) {
    this.runtime = runtime;
    this.session = session;
    this.openPatience = openPatience;
  }

  /** Begins a session and waits for nothing. */
  static HeldSession open(SessionOptions options) {
    QuollRuntime runtime = QuollRuntime.start(1, 2);
    return new HeldSession(
        runtime, AsyncQuollSession.open(options, runtime), options.requestTimeout());
  }

  AsyncQuollSession session() {
    return session;
  }

  /**
   * Waits until the session is open.
   *
   * @throws QuollException if no server opens it
   */
  void awaitOpened() {
    boolean isOpen = isOpenWithin(UNREACHABLE_PATIENCE);
    if (!isOpen && session.lastFailure().isEmpty()) { // A server was found and takes its time.
      isOpen = isOpenWithin(openPatience.minus(UNREACHABLE_PATIENCE));
    }
    if (!isOpen) {
      throw session.lastFailure().orElseGet(() -> failure("no server answered"));
    }
  }

  private boolean isOpenWithin(Duration patience) {
    CompletableFuture<@Nullable Void> opened = session.opened();
    try {
      opened.get(Math.max(1, patience.toMillis()), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException notYet) {
      return false;
    } catch (ExecutionException refused) {
      throw QuollException.in(refused);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw failure("interrupted before a server answered");
    }
  }

  private static QuollException failure(String message) {
    return new QuollException(ErrorCode.UNREACHABLE, null, Applied.NO, message, null);
  }

  @Override
  public void close() {
    try {
      session.close().get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException leftToTheEnsemble) {
      // It ends after its timeout.
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    } finally {
      runtime.close();
    }
  }
}
