package io.quoll.integration;

import io.quoll.client.QuollClient;
import java.util.List;

/** A client that writes, and knows what each of its writes came to. Used by one thread. */
interface Writer {
  /** Writes once; a failed write is no exception. */
  void step() throws InterruptedException;

  /** Waits for what is under way. */
  void finish() throws InterruptedException;

  /** How many writes were acknowledged so far. Thread-safe. */
  long acknowledged();

  /** Where the tree differs from what this client was told of its writes. */
  List<String> violations(QuollClient reader);
}
