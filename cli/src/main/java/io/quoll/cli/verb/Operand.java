package io.quoll.cli.verb;

/** What the words of a verb name, for those who complete them. */
public enum Operand {
  /** Nothing that is known beforehand. */
  ANY,
  /** Znodes. */
  PATH,
  /** Verbs. */
  VERB
}
