package io.quoll.server.coordination;

/** A part of the node that tells what it measures. Thread-safe; asked every few seconds. */
public interface Measured {
  /** Tells its measurements as they are now. Waits for nothing, and for no disk. */
  void measure(Measurements to);
}
