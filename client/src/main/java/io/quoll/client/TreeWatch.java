package io.quoll.client;

/**
 * A watch of its own stream, apart from sessions, that tells its listener of every change without a
 * gap: it goes on by itself at the next server when it loses one.
 *
 * <p>Thread-safe.
 */
public final class TreeWatch implements AutoCloseable {
  private final WatchKeeper keeper;

  TreeWatch(WatchKeeper keeper) {
    this.keeper = keeper;
  }

  /**
   * The last zxid that the listener was told all events of: where another watch may go on with
   * {@link WatchOptions#from}. 0 until that is known.
   */
  public long zxid() {
    return keeper.toldZxid();
  }

  /** Runs the task when the watch has ended, or at once if it has. */
  void whenOver(Runnable task) {
    var unused = keeper.over().thenRun(task);
  }

  /** Ends the watch. Waits for nothing; what the listener is being told may still end. */
  @Override
  public void close() {
    keeper.close();
  }
}
