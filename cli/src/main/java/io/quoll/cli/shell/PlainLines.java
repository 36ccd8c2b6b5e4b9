package io.quoll.cli.shell;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/** Lines that come from a pipe or a file: nothing is printed that is no answer. */
public final class PlainLines implements Lines {
  private final BufferedReader reader;

  /** Lines of UTF-8. */
  public PlainLines(InputStream in) {
    this.reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
  }

  @Override
  public boolean isTerminal() {
    return false;
  }

  @Override
  public Optional<String> next(Supplier<String> prompt) throws IOException {
    return Optional.ofNullable(reader.readLine());
  }

  @Override
  public void keep(String line) {
    // Nobody types.
  }

  @Override
  public void above(String text) {
    throw new UnsupportedOperationException("there is no screen");
  }

  @Override
  public void promptChanged() {
    // Nobody sees it.
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
