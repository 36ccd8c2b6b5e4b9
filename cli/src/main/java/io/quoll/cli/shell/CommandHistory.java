package io.quoll.cli.shell;

import com.google.common.collect.ImmutableSortedMap;
import io.quoll.cli.verb.UsageException;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands of one shell, numbered from 0 on. It keeps the last ones.
 *
 * <p>Confined to the shell's thread.
 */
final class CommandHistory {
  /** How many commands are kept. */
  static final int KEPT_MAX = 1000;

  /** How many commands are told, the present one among them, as in ZooKeeper's shell. */
  private static final int TOLD_MAX = 11;

  private final TreeMap<Integer, String> commands = new TreeMap<>();
  private int next;

  /** The number of the next command. */
  int next() {
    return next;
  }

  /** Takes the next command. */
  void add(String command) {
    commands.put(next, command);
    next++;
    if (commands.size() > KEPT_MAX) {
      commands.pollFirstEntry();
    }
  }

  /**
   * The command of that number, which takes the place of the present one.
   *
   * @throws UsageException if there is none before the present one
   */
  String redo(int number) {
    @Nullable String command = number == next - 1 ? null : commands.get(number);
    if (command == null) {
      throw new UsageException("Command index out of range");
    }
    if (command.strip().startsWith("redo")) { // One that failed; the others gave up their place.
      throw new UsageException("No redoing redos");
    }
    commands.put(next - 1, command);
    return command;
  }

  /** The last commands. */
  ImmutableSortedMap<Integer, String> last() {
    return ImmutableSortedMap.copyOfSorted(commands.tailMap(next - TOLD_MAX));
  }
}
