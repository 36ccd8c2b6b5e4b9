package io.quoll.client.backup;

import java.io.IOException;

/** What was read is no whole backup that this version can read; the message says why. */
public final class BadBackupException extends IOException {
  private static final long serialVersionUID = 1L;

  BadBackupException(String why) {
    super(why);
  }

  BadBackupException(String why, Throwable cause) {
    super(why, cause);
  }
}
