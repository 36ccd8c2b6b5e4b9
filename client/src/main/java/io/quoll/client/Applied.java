package io.quoll.client;

/** Whether a write that failed took effect. */
public enum Applied {
  /** It did. */
  YES,
  /** It did not, and it never will. Reads that fail say this too. */
  NO,
  /** Nobody can say: read before you write again. */
  UNKNOWN
}
