package io.quoll.cli.reply;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import java.util.Map;

/** Some lines for people, and as much for programs. */
public record TextReply(ImmutableList<String> lines, ImmutableMap<String, Object> document)
    implements Reply {
  /** One value, which stands alone on a line for people. */
  public static TextReply of(String path, String name, Object value) {
    return new TextReply(
        ImmutableList.of(value.toString()), ImmutableMap.of("path", path, name, value));
  }

  /** A sentence about the tool itself. */
  public static TextReply saying(String text, String name, Object value) {
    return new TextReply(ImmutableList.of(text), ImmutableMap.of(name, value));
  }

  /** A command that was done, of which people hear nothing. */
  public static TextReply done(String path, String name, Object value) {
    return new TextReply(ImmutableList.of(), ImmutableMap.of("path", path, name, value));
  }

  /** A command about no path that was done, of which people hear nothing. */
  public static TextReply done(String name, Object value) {
    return new TextReply(ImmutableList.of(), ImmutableMap.of(name, value));
  }

  @Override
  public void print(Output output) {
    lines.forEach(output::line);
  }

  @Override
  public Map<String, Object> json() {
    return document;
  }
}
