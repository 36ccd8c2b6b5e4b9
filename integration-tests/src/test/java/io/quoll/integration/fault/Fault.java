package io.quoll.integration.fault;

/** What can be done to servers and to their lines. */
enum Fault {
  KILL("kill -9"),
  KILL_ALL("kill -9 of all servers at once"),
  STOP_ALL("all servers asked to stop at once"),
  PAUSE("stopped in its tracks, and let go on"),
  PAUSE_OTHERS("all others stopped in their tracks, and let go on"),
  CUT_FROM_PEERS("cut off from the other servers"),
  CUT_FROM_CLIENTS("cut off from the clients"),
  CUT_OFF("cut off from everybody"),
  DEAF("hears no other server, and is heard"),
  MUTE("heard by no other server, and hears"),
  PART("parted from one other server, while the rest hears both"),
  LOSS("loses packets at random"),
  SLOW_LINE("sends over a narrow line"),
  LONG_LINE("is far away from the other servers"),
  LAG("an observer that falls behind"),
  FULL_DISK("its disk is full"),
  SLOW_DISK("its disk takes its time to force anything"),
  CLOCK_STEP("its wall clock is stepped"),
  WIPE("comes back with an empty disk, which is to be refused");

  private final String text;

  Fault(String text) {
    this.text = text;
  }

  /** Whether it needs the filters of the kernel, besides hosts. */
  boolean needsFilters() {
    return switch (this) {
      case DEAF, MUTE, PART, LOSS, SLOW_LINE, LONG_LINE -> true;
      default -> false;
    };
  }

  /** Whether it needs a compiler, for the library that servers load. */
  boolean needsPreload() {
    return this == SLOW_DISK || this == CLOCK_STEP;
  }

  /** Whether it is as it should be only while no other server is down. */
  boolean needsOthers() {
    return this == WIPE || this == FULL_DISK;
  }

  @Override
  public String toString() {
    return text;
  }
}
