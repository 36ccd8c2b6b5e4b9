package io.quoll.cli.verb;

import com.google.common.collect.ImmutableSortedMap;

/** The shell that commands are typed into, as verbs see it. Confined to the shell's thread. */
public interface Desk {
  /** The last commands by their numbers, the present one among them. */
  ImmutableSortedMap<Integer, String> history();

  /**
   * Does the command of that number again, in the place of the present one.
   *
   * @throws UsageException if there is none
   */
  void redo(int number);

  /**
   * Closes the session, and opens one with other servers.
   *
   * @param servers as on the command line; empty for those that there were
   * @throws UsageException if that is not how servers are told
   */
  void connect(String servers);

  /** Whether events of watches are printed. */
  boolean printsWatches();

  /** From now on prints events of watches, or does not. */
  void printWatches(boolean on);
}
