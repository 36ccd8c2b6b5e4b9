package io.quoll.statemachine.store;

import com.google.common.collect.ImmutableList;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Keeps the replicated state and the position in the log that it stands at; both change together.
 *
 * <p>{@link #commit}, {@link #publish}, {@link #flush}, {@link #checkpoint} and {@link #install}
 * belong to the apply thread; {@link #view} and the accessors may be called by any thread. An I/O
 * error surfaces as an {@link java.io.UncheckedIOException}, after which the store is not to be
 * used any more.
 */
public interface StateStore extends AutoCloseable {
  /** A view that holds on to the state of its zxid until it is closed. Thread-safe. */
  interface View extends StateView, AutoCloseable {
    /**
     * The paths of the {@linkplain io.quoll.statemachine.state.Znode#isPerishable perishable}
     * znodes that come after {@code after} in the order of {@link ZnodePath}, at most {@code limit}
     * of them; from the first if {@code after} is the root, which is none. What the leader looks
     * through for those that are unused.
     */
    ImmutableList<ZnodePath> perishables(ZnodePath after, int limit);

    /**
     * What happened to the tree after the transaction {@code afterZxid}, the oldest first; or that
     * not all of it is kept any more, which the store's {@link HistoryLimits} decide.
     *
     * @param limit the number of events after which no further transaction is begun; one is taken
     *     whole, however many events it has
     */
    HistoryPage history(long afterZxid, int limit);

    /**
     * The same state for a thread that must not wait for the disk: what is not in memory fails with
     * {@link NotInMemoryException}, and is then to be read from this view by another thread. Valid
     * as long as this view is.
     */
    StateView inMemory();

    @Override
    void close();
  }

  /**
   * The state after the last commit, published or not, for the apply thread alone; it changes with
   * the next commit.
   */
  StateView committed();

  /**
   * Writes the changes of {@code transaction}, which stands on {@link #committed}, together with
   * {@code position}, all or nothing. They are durable after the next {@link #flush}.
   *
   * @param transaction the changes; without any, only the position moves
   * @param position the position of the log entry; its index is higher than the last
   */
  void commit(StateTransaction transaction, Position position);

  /** Lets {@link #view} see what was committed. */
  void publish();

  /**
   * The state as it was last published. The caller closes it, soon: it keeps what was overwritten
   * since from being reclaimed.
   */
  View view();

  /** The zxid that was last published. */
  long publishedZxid();

  /** The position of the last commit. */
  Position position();

  /** The position of the last commit that a crash of the machine does not undo. */
  Position durablePosition();

  /**
   * A digest of the whole published tree and its zxid, kept up to date with every commit: equal
   * trees at equal zxids have equal digests, whichever store holds them.
   */
  TreeDigest digest();

  /** Makes all that was committed durable. */
  void flush();

  /**
   * Brings most of what was committed to disk while commits go on, so that the next {@link #flush}
   * or {@link #checkpoint}, which commits wait for, has less to do. Takes up to some seconds; may
   * be called by any thread.
   */
  default void flushAhead() {}

  /**
   * Makes all that was committed durable and puts a complete copy of the store, hard-linked where
   * that is possible, into {@code directory}, which must not exist; {@link #position} names what it
   * holds. Called by the apply thread.
   */
  void checkpoint(Path directory);

  /**
   * Replaces the whole content by that of {@code checkpoint}, which {@link #checkpoint} made on
   * some replica, and publishes it. The checkpoint is moved: it must lie on the store's own file
   * system, and is gone afterwards. A crash at any moment leaves the former content or the new one.
   * Called by the apply thread, once the checkpoint was verified.
   *
   * <p>Views that are open are waited for, up to half a minute; {@link #view} waits meanwhile, so a
   * thread that holds a view must not ask for a second one.
   *
   * @param beforePublished sees the new content when it is in place and no other reader sees it
   *     yet: the moment to fire watches. It must not ask this store for a view
   * @throws StoreException if the checkpoint cannot be used or a view stays open; nothing has
   *     changed then
   */
  void install(Path checkpoint, Consumer<View> beforePublished);

  /** As {@link #install(Path, Consumer)}, where nobody needs to see the content first. */
  default void install(Path checkpoint) {
    install(checkpoint, unpublished -> {});
  }

  /** Figures for whoever watches over the store. Reads no disk; may be called by any thread. */
  default StoreFigures figures() {
    return StoreFigures.NONE;
  }

  /** The bytes that the store takes on disk, about. */
  long diskBytes();

  @Override
  void close();
}
