package io.quoll.statemachine.state;

import com.google.errorprone.annotations.Immutable;
import com.google.protobuf.ByteString;

/**
 * The reply to one numbered write of a session, kept until the client has acknowledged it.
 *
 * @param sessionId the session
 * @param cxid the number of the write
 * @param bytes the reply, in a form that nothing here looks into
 */
@Immutable
public record SessionReply(long sessionId, long cxid, ByteString bytes) {}
