package io.quoll.server;

import static com.google.common.collect.ImmutableList.toImmutableList;

import com.google.common.base.Joiner;
import com.google.common.collect.ImmutableList;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file in the data directory that tells a node which of the members it is. */
final class MyId {
  private static final String FILE_NAME = "myid";

  private MyId() {}

  /**
   * This node's number.
   *
   * @throws StartupException {@code BAD_CONFIGURATION} if the file is missing, or its content is
   *     not the number of one of {@code members}
   */
  static int read(Path dataDirectory, ImmutableList<MemberLine> members) {
    Path path = dataDirectory.resolve(FILE_NAME);
    ImmutableList<Integer> ids =
        members.stream().map(member -> member.peer().serverId()).collect(toImmutableList());
    String advice = "write this server's number into it, one of " + Joiner.on(", ").join(ids);
    String text = text(path, advice);
    for (int id : ids) {
      if (text.equals(Integer.toString(id))) {
        return id;
      }
    }
    throw bad(
        text.matches("\\d+")
            ? "%s:1: there is no server.%s line; %s".formatted(path, text, advice)
            : "%s:1: \"%s\" is not a number; %s".formatted(path, text, advice));
  }

  private static String text(Path path, String advice) {
    if (!Files.exists(path)) {
      throw bad(path + ": there is no such file; " + advice);
    }
    try {
      return Files.readString(path).strip();
    } catch (IOException failure) {
      throw bad(path + ": it cannot be read (" + failure + "); " + advice);
    }
  }

  private static StartupException bad(String message) {
    return new StartupException(ExitCode.BAD_CONFIGURATION, message);
  }
}
