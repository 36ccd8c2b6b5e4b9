package io.quoll.client;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A part of a multi. */
@Immutable
public sealed interface Write {
  /** The expected version that every version meets. */
  int ANY_VERSION = -1;

  /** The path that it is about, as the caller knows it. */
  String path();

  /**
   * Creates a znode; a sequential one gets its number appended to the path.
   *
   * @param ttl the time to live, in whole milliseconds, in a mode that has one; else zero
   * @param acl who may do what to the znode
   */
  record Create(String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl)
      implements Write {
    /** Creates a znode to which everyone may do everything. */
    public Create(String path, @Nullable ByteString data, CreateMode mode, Duration ttl) {
      this(path, data, mode, ttl, Acl.OPEN);
    }

    /** Creates a znode without a time to live. */
    public Create(String path, @Nullable ByteString data, CreateMode mode) {
      this(path, data, mode, Duration.ZERO);
    }
  }

  /** Deletes a znode that has no children. */
  record Delete(String path, int expectedVersion) implements Write {}

  /** Replaces a znode's data. */
  record SetData(String path, @Nullable ByteString data, int expectedVersion) implements Write {}

  /** Changes nothing, and fails unless the znode exists and has the version. */
  record Check(String path, int expectedVersion) implements Write {}
}
