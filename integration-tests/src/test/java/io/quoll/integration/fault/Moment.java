package io.quoll.integration.fault;

import com.google.common.collect.ImmutableList;
import java.util.Random;

/** When harm is done: the worse the moment, the better. */
enum Moment {
  ANY("at any time"),
  SNAPSHOT("while it takes a snapshot"),
  INSTALL("while a follower installs a snapshot"),
  HAND_OVER("while the leader hands its leadership over"),
  EXPIRY("when a session is about to expire");

  private static final ImmutableList<Moment> ALL = ImmutableList.copyOf(values());

  private final String text;

  Moment(String text) {
    this.text = text;
  }

  /** One of them. */
  static Moment any(Random random) {
    return ALL.get(random.nextInt(ALL.size()));
  }

  @Override
  public String toString() {
    return text;
  }
}
