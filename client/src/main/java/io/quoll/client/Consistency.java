package io.quoll.client;

/** How fresh the answers of reads have to be. */
public enum Consistency {
  /** From the tree of the server that is asked, and never older than what this client has seen. */
  LOCAL,
  /** Includes every write that anybody had acknowledged before the read was made. */
  LINEARIZABLE
}
