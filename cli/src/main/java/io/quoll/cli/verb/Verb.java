package io.quoll.cli.verb;

/** A verb of the command line. */
interface Verb {
  /** What it is called and takes. */
  Syntax syntax();

  /**
   * The command that the words make.
   *
   * @throws UsageException if they make none
   */
  Command parse(Arguments arguments);
}
