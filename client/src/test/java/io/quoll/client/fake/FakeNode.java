package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Stat;
import org.jspecify.annotations.Nullable;

/** A znode of the fake. */
record FakeNode(@Nullable ByteString data, Stat stat, long childrenCreated) {
  static FakeNode created(@Nullable ByteString data, long zxid, long timeMillis) {
    Stat stat =
        Stat.newBuilder()
            .setCzxid(zxid)
            .setMzxid(zxid)
            .setPzxid(zxid)
            .setCtime(timeMillis)
            .setMtime(timeMillis)
            .setDataLength(data == null ? 0 : data.size())
            .build();
    return new FakeNode(data, stat, 0);
  }

  FakeNode ownedBy(long session) {
    return new FakeNode(data, stat.toBuilder().setEphemeralOwner(session).build(), childrenCreated);
  }

  FakeNode withData(@Nullable ByteString replacement, long zxid, long timeMillis) {
    Stat changed =
        stat.toBuilder()
            .setMzxid(zxid)
            .setMtime(timeMillis)
            .setVersion(stat.getVersion() + 1)
            .setDataLength(replacement == null ? 0 : replacement.size())
            .build();
    return new FakeNode(replacement, changed, childrenCreated);
  }

  FakeNode withChild(long zxid) {
    return new FakeNode(data, childrenChanged(zxid, 1), childrenCreated + 1);
  }

  FakeNode withoutChild(long zxid) {
    return new FakeNode(data, childrenChanged(zxid, -1), childrenCreated);
  }

  private Stat childrenChanged(long zxid, int by) {
    return stat.toBuilder()
        .setPzxid(zxid)
        .setCversion(stat.getCversion() + 1)
        .setNumChildren(stat.getNumChildren() + by)
        .build();
  }
}
