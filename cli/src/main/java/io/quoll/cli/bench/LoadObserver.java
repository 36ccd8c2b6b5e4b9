package io.quoll.cli.bench;

/** Is told how a load goes on, by the thread that runs it. */
public interface LoadObserver {
  /** Something to note down. */
  void log(String line);

  /** What is answered from now on is measured. */
  default void measuring() {}

  /** What is answered from now on is not measured. */
  default void measured() {}
}
