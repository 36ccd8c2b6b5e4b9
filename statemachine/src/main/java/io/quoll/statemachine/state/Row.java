package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction leaves at one path, for the store to write.
 *
 * @param path the path
 * @param before the znode that the committed state has there, or null
 * @param after the znode that stands there now, or null if there is none any more
 * @param dataWritten whether the data is to be written too; always so for a new znode
 * @param data the new data if {@code dataWritten}, else null; null is also valid new data
 */
@Immutable
public record Row(
    ZnodePath path,
    @Nullable Znode before,
    @Nullable Znode after,
    boolean dataWritten,
    @Nullable ByteString data) {}
