package io.quoll.server.coordination;

/** Takes the reports of all replicas, while its own replica leads. */
public interface TouchReceiver {
  /**
   * Takes a report.
   *
   * @return the Raft term in which this replica leads
   * @throws UnavailableException {@code NO_QUORUM} if it does not lead, or no majority answers
   */
  long onTouches(TouchReport report);
}
