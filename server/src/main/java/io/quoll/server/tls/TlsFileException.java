package io.quoll.server.tls;

/**
 * Why certificates cannot be used, for an administrator: the message names the key of the
 * configuration, the file, and what is wrong with it.
 */
public final class TlsFileException extends Exception {
  private static final long serialVersionUID = 1L;

  TlsFileException(StoreFile store, String why) {
    super("%s=%s: %s".formatted(store.key(), store.path(), why));
  }
}
