package io.quoll.client;

import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * A znode's data and stat.
 *
 * @param data the bytes, or null
 */
public record ZnodeData(@Nullable ByteString data, Stat stat) {}
