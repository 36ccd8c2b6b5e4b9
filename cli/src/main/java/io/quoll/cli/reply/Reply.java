package io.quoll.cli.reply;

import java.util.Map;

/** What a command has to say. */
public interface Reply {
  /** Prints it for people. */
  void print(Output output);

  /** The document for programs; its values are what Jackson takes. */
  Map<String, Object> json();
}
