package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import java.util.Random;

/** What is left of a disk when a process ends in the middle of its work. */
enum Loss {
  NOTHING("only the process dies"),
  UNFORCED("power is lost, and all that was not forced to disk"),
  UNFORCED_DATA("power is lost, and what was not forced to disk but for names");

  private static final ImmutableList<Loss> ALL = ImmutableList.copyOf(values());

  private final String text;

  Loss(String text) {
    this.text = text;
  }

  /** One of them. */
  static Loss any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  @Override
  public String toString() {
    return text;
  }
}
