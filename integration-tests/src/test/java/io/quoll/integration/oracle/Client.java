package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A session of one of the products, by its own Java client. Each method answers what was seen,
 * errors included, and has put the answer into the session's log behind the events that came before
 * it. Thread-safe.
 */
interface Client {
  /** How many watchers a session has. */
  int WATCHERS = 2;

  CompletableFuture<Seen> create(Operation.Create create);

  CompletableFuture<Seen> delete(Operation.Delete delete);

  CompletableFuture<Seen> setData(Operation.SetData setData);

  CompletableFuture<Seen> multi(Operation.Multi multi);

  CompletableFuture<Seen> multiRead(Operation.MultiRead multiRead);

  CompletableFuture<Seen> data(Operation.GetData data);

  CompletableFuture<Seen> exists(Operation.Exists exists);

  CompletableFuture<Seen> children(Operation.GetChildren children);

  CompletableFuture<Seen> countAll(Operation.CountAll count);

  CompletableFuture<Seen> ephemerals(Operation.Ephemerals ephemerals);

  CompletableFuture<Seen> sync(Operation.Sync sync);

  CompletableFuture<Seen> addWatch(Operation.AddWatch add);

  CompletableFuture<Seen> removeWatches(Operation.RemoveWatches remove);

  /** The session's id. */
  long id();

  /** What the session saw since this was asked last, events and answers in their order. */
  ImmutableList<Seen> takeLog();

  /** Closes the session; done when it is over. */
  CompletableFuture<@Nullable Void> close();

  /** Vanishes without a word: the servers have to find out. */
  void abandon();
}
