/**
 * The Java client of Quoll. It knows the gRPC contract and nothing of the server.
 *
 * <p>{@link io.quoll.client.QuollClient} is the way in. Bytes are {@link
 * com.google.protobuf.ByteString}, which nobody can change once it is made; data that is null,
 * which is not the same as empty, is null here too.
 */
@NullMarked
package io.quoll.client;

import org.jspecify.annotations.NullMarked;
