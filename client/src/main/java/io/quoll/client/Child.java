package io.quoll.client;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A child of a znode.
 *
 * @param name the last component of its path
 * @param stat its stat if that was asked for, else null
 * @param data its data if that was asked for and is not null, else null
 */
public record Child(String name, @Nullable Stat stat, @Nullable ByteString data) {}
