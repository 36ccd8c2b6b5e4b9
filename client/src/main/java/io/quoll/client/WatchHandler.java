package io.quoll.client;

/**
 * Is told what a session's watches see, and how the session stands meanwhile.
 *
 * <p>All calls come from the session's executor, one at a time and in the order of what they tell,
 * so a handler need not be thread-safe. It may call the waiting methods of a session. While it
 * does, the other handlers of its session wait. An exception that it throws goes to the handler of
 * uncaught exceptions of its thread, and changes nothing else.
 */
@FunctionalInterface
public interface WatchHandler {
  /**
   * A change of something that the handler watches; told once, however many of its watches see it.
   * Only a further watch of the same handler that is being set when the change comes may tell it
   * again.
   */
  void onEvent(WatchEvent event);

  /** The session is in another state. Unless it is over, a one-shot watch is still set. */
  default void onState(SessionState state) {}

  /** Events of a persistent or recursive watch may be missing; those after the gap follow. */
  default void onGap(WatchGap gap) {}

  /**
   * A watch of this handler on the path was removed, and sends no more events. Of a handler with
   * watches of several kinds there, each kind is told.
   *
   * @param kind which watch; never {@link WatchKind#ANY}
   */
  default void onRemoved(String path, WatchKind kind) {}
}
