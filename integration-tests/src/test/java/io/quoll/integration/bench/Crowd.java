package io.quoll.integration.bench;

import com.google.common.collect.ImmutableList;
import java.util.stream.IntStream;

/**
 * Many sessions in a few processes, for a client of ZooKeeper has two threads and three files for
 * each of them.
 *
 * <p>Confined to one thread.
 */
final class Crowd implements AutoCloseable {
  private static final int PROCESS_SESSIONS_MAX = 2_500;

  private final ImmutableList<LoadProcess> processes;
  private final int sessions;

  private Crowd(ImmutableList<LoadProcess> processes, int sessions) {
    this.processes = processes;
    this.sessions = sessions;
  }

  /** Starts the processes of as many sessions; they are opened by {@link #open}. */
  static Crowd start(Stage stage, BenchEnsemble ensemble, int sessions) {
    int count = (sessions + PROCESS_SESSIONS_MAX - 1) / PROCESS_SESSIONS_MAX;
    return new Crowd(
        IntStream.range(0, count)
            .mapToObj(number -> stage.clients(ensemble, "crowd" + number))
            .collect(ImmutableList.toImmutableList()),
        sessions);
  }

  /** Opens the sessions, each with a watch of the znode; of none if that is empty. */
  void open(String path) {
    int left = sessions;
    for (LoadProcess process : processes) {
      int some = Math.min(left, PROCESS_SESSIONS_MAX);
      var unused = process.perform(new LoadTask.Hold(some, path), Integer.class);
      left -= some;
    }
  }

  /**
   * Waits until each session has so many events, and tells when the last one came, by the clock
   * that all processes share.
   */
  long awaitEvents(int eventsEach) {
    long last = Long.MIN_VALUE;
    int left = sessions;
    for (LoadProcess process : processes) {
      int some = Math.min(left, PROCESS_SESSIONS_MAX);
      LoadTask wait = new LoadTask.AwaitEvents((long) some * eventsEach);
      last = Math.max(last, process.perform(wait, Long.class));
      left -= some;
    }
    return last;
  }

  @Override
  public void close() {
    processes.forEach(LoadProcess::close);
  }
}
