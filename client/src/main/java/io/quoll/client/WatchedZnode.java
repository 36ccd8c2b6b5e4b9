package io.quoll.client;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A znode in the initial state of a watch.
 *
 * @param data its data if that was asked for and is not null, else null
 */
public record WatchedZnode(String path, Stat stat, @Nullable ByteString data) {}
