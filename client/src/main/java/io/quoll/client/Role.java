package io.quoll.client;

/** What a member of the ensemble does. */
public enum Role {
  /** It did not tell, or this client does not know the word. */
  UNKNOWN,
  /** Orders the writes. */
  LEADER,
  /** Votes, serves, forwards writes to the leader. */
  FOLLOWER,
  /** Seeks votes. */
  CANDIDATE,
  /** Serves and forwards, but never votes. */
  OBSERVER,
  /** Is the only server of its ensemble. */
  STANDALONE
}
