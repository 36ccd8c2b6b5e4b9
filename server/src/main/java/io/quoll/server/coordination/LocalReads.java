package io.quoll.server.coordination;

import io.quoll.server.coordination.UnavailableException.Reason;
import io.quoll.statemachine.codec.CorruptBytesException;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.query.Exists;
import io.quoll.statemachine.query.GetAcl;
import io.quoll.statemachine.query.GetData;
import io.quoll.statemachine.query.Query;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.NotInMemoryException;
import io.quoll.statemachine.store.StateStore;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Answers queries from what this replica has published. A read of one znode that memory can answer
 * is answered on the thread that asks; all others go to the workers. Thread-safe.
 */
final class LocalReads {
  private final StateStore store;
  private final ReadWorkers workers;
  private final FatalHandler fatal;

  LocalReads(StateStore store, ReadWorkers workers, FatalHandler fatal) {
    this.store = store;
    this.workers = workers;
    this.fatal = fatal;
  }

  /**
   * Answers {@code query}, which {@code caller} asks, from what is published at this moment.
   *
   * @return the answer, rejections included; fails with {@code OVERLOADED} if it has to wait for a
   *     worker and too many do
   */
  CompletableFuture<Answered> now(Query query, Identities caller) {
    Function<StateView, Answered> read =
        state -> new Answered(state.zxid(), Answer.of(query, state, caller));
    return query instanceof GetData || query instanceof Exists || query instanceof GetAcl
        ? now(read)
        : onWorker(store.view(), read);
  }

  /**
   * The session {@code sessionId} as it is published at this moment; fails as {@link #now} does.
   */
  CompletableFuture<Optional<Session>> session(long sessionId) {
    return now(state -> state.session(sessionId));
  }

  /** The ACL of the root as it is published at this moment; fails as {@link #now} does. */
  CompletableFuture<Acl> rootAcl() {
    return now(state -> state.require(ZnodePath.ROOT).acl());
  }

  private <T> CompletableFuture<T> now(Function<StateView, T> read) {
    StateStore.View view = store.view();
    T found;
    try {
      found = read.apply(view.inMemory());
    } catch (NotInMemoryException miss) {
      return onWorker(view, read);
    } catch (RuntimeException | Error failure) {
      view.close();
      return CompletableFuture.failedFuture(reported(failure));
    }
    view.close();
    return CompletableFuture.completedFuture(found);
  }

  // Whoever asks may cancel its copy; the view is closed once the worker is done with it.
  private <T> CompletableFuture<T> onWorker(StateStore.View view, Function<StateView, T> read) {
    CompletableFuture<T> done = onWorker(() -> read.apply(view));
    var unused = done.whenComplete((found, failure) -> view.close());
    return done.copy();
  }

  /** Does {@code work}, which reads the store, on a worker; fails as {@link #now} does. */
  <T> CompletableFuture<T> onWorker(Supplier<T> work) {
    CompletableFuture<T> done = new CompletableFuture<>();
    try {
      workers.execute(
          new ReadWorkers.Task(
              () -> complete(done, work), () -> done.completeExceptionally(stopping())));
    } catch (UnavailableException refusal) {
      done.completeExceptionally(refusal);
    }
    return done;
  }

  private static UnavailableException stopping() {
    return new UnavailableException(Reason.NOT_SERVING, null, "the server is stopping");
  }

  private <T> void complete(CompletableFuture<T> done, Supplier<T> work) {
    try {
      done.complete(work.get());
    } catch (RuntimeException | Error failure) { // Goes to the front end, which reports a defect.
      done.completeExceptionally(reported(failure));
    }
  }

  private Throwable reported(Throwable failure) {
    if (failure instanceof UncheckedIOException || failure instanceof CorruptBytesException) {
      fatal.halt(ExitCode.STORAGE_FAILED, "the store cannot be read", failure);
    }
    return failure;
  }

  /**
   * Answers {@code query}, which {@code caller} asks, from a view that is taken by the worker
   * itself.
   */
  Answered answer(Query query, Identities caller) {
    try (StateStore.View view = store.view()) {
      return new Answered(view.zxid(), Answer.of(query, view, caller));
    }
  }
}
