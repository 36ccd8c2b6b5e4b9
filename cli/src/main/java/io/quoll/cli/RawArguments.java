package io.quoll.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/**
 * Refuses arguments that the Java runtime could not read as text. It puts a replacement character
 * for what it cannot read, and data with that in it would not be what somebody typed.
 */
final class RawArguments {
  private static final String REPLACEMENT = "\uFFFD";
  private static final Path BYTES = Path.of("/proc/self/cmdline");

  private RawArguments() {}

  /** What is wrong with the arguments of this process, if anything is. */
  static Optional<String> fault(String[] args) throws IOException {
    boolean mayBeReplaced = Arrays.stream(args).anyMatch(arg -> arg.contains(REPLACEMENT));
    return mayBeReplaced && Files.isReadable(BYTES)
        ? fault(args, Files.readAllBytes(BYTES))
        : Optional.empty();
  }

  /**
   * What is wrong with arguments.
   *
   * @param bytes the whole command line, each of its parts ended by a zero byte
   */
  static Optional<String> fault(String[] args, byte[] bytes) {
    int end = bytes.length;
    for (int i = args.length - 1; i >= 0; i--) {
      int start = end - 1;
      while (start > 0 && bytes[start - 1] != 0) {
        start--;
      }
      if (!isUtf8(ByteBuffer.wrap(bytes, start, end - 1 - start), args[i])) {
        return Optional.of("argument " + (i + 1) + " is not UTF-8: " + args[i]);
      }
      end = start;
    }
    return Optional.empty();
  }

  private static boolean isUtf8(ByteBuffer bytes, String arg) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString().equals(arg);
    } catch (CharacterCodingException malformed) {
      return false;
    }
  }
}
