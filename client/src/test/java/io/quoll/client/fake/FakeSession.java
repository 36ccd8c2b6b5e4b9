package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.SessionReply;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A session of the fake ensemble. Confined to who holds the tree. */
final class FakeSession {
  private final long id;
  private final ByteString secret;
  private final int timeoutMillis;
  private final TreeMap<Long, SessionReply> replies = new TreeMap<>();
  private @Nullable FakeAttachment attachment;
  private long epoch;
  private long lastCxid;

  FakeSession(long id, int timeoutMillis) {
    this.id = id;
    this.timeoutMillis = timeoutMillis;
    this.secret = ByteString.copyFromUtf8("secret of " + id);
  }

  long id() {
    return id;
  }

  ByteString secret() {
    return secret;
  }

  int timeoutMillis() {
    return timeoutMillis;
  }

  long epoch() {
    return epoch;
  }

  long lastCxid() {
    return lastCxid;
  }

  int repliesKept() {
    return replies.size();
  }

  void attach(FakeAttachment wanted) {
    endStream("SESSION_MOVED");
    attachment = wanted;
    epoch++;
  }

  void endStream(String reason) {
    if (attachment != null) {
      attachment.refuse(reason);
      attachment = null;
    }
  }

  void acknowledge(long firstUnacknowledgedCxid) {
    replies.headMap(firstUnacknowledgedCxid).clear();
  }

  void record(long cxid, SessionReply reply) {
    lastCxid = cxid;
    replies.put(cxid, reply);
  }

  @Nullable SessionReply recorded(long cxid) {
    return replies.get(cxid);
  }
}
