package io.quoll.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RawArgumentsTest {
  @Test
  void argumentThatIsNotUtf8IsRefusedByItsNumber() {
    byte[] bytes = commandLine("java", "Main", "create", "/a", "\u00ff");

    assertThat(RawArguments.fault(new String[] {"create", "/a", "\uFFFD"}, bytes))
        .contains("argument 3 is not UTF-8: \uFFFD");
  }

  @Test
  void replacementCharacterThatSomebodyTypedIsTaken() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(commandLine("java", "Main", "create"));
    bytes.writeBytes("/\uFFFD\0".getBytes(StandardCharsets.UTF_8));

    assertThat(RawArguments.fault(new String[] {"create", "/\uFFFD"}, bytes.toByteArray()))
        .isEmpty();
  }

  @Test
  void emptyArgumentsAreUtf8() {
    byte[] bytes = commandLine("java", "set", "/\u00fc", "");

    assertThat(RawArguments.fault(new String[] {"set", "/\uFFFD", ""}, bytes))
        .contains("argument 2 is not UTF-8: /\uFFFD");
  }

  /** As the kernel has it, one byte a character. */
  private static byte[] commandLine(String... parts) {
    return (String.join("\0", parts) + "\0").getBytes(StandardCharsets.ISO_8859_1);
  }
}
