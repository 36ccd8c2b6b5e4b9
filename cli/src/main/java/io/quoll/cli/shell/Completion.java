package io.quoll.cli.shell;

import com.google.common.collect.ImmutableList;

/** What a word may become that is being typed. */
public interface Completion {
  /**
   * The words that the typed one is the beginning of.
   *
   * @param before the words of the line before it
   * @param typed what there is of it
   */
  ImmutableList<Choice> choices(ImmutableList<String> before, String typed);

  /**
   * A word to choose.
   *
   * @param isWhole whether a blank comes after it; else it may go on
   */
  record Choice(String word, boolean isWhole) {}
}
