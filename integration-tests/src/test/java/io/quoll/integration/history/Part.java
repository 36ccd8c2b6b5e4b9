package io.quoll.integration.history;

import com.google.errorprone.annotations.Immutable;

/** A part of a request. */
@Immutable
sealed interface Part {
  /** The expected version that every version meets. */
  int ANY_VERSION = -1;

  /** The znode that it is about. */
  String path();

  /** Creates a znode. */
  record Create(String path, String value) implements Part {}

  /** Replaces a value. */
  record Set(String path, String value, int version) implements Part {}

  /** Deletes a znode. */
  record Delete(String path, int version) implements Part {}

  /** Requires a version. */
  record Check(String path, int version) implements Part {}

  /** Reads a value. */
  record Get(String path) implements Part {}
}
