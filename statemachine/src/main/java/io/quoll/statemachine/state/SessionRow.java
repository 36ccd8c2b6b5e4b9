package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/**
 * What a transaction leaves of one session, for the store to write. The replies that {@code before}
 * keeps and {@code after} does not are to be removed.
 *
 * @param sessionId the session
 * @param before the session in the committed state, or null
 * @param after the session as it is now, or null if it was closed
 */
@Immutable
public record SessionRow(long sessionId, @Nullable Session before, @Nullable Session after) {}
