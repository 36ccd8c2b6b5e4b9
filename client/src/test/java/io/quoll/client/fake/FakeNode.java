package io.quoll.client.fake;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.Acl;
import io.quoll.api.v1.Stat;
import org.jspecify.annotations.Nullable;

/** A znode of the fake. */
record FakeNode(@Nullable ByteString data, Stat stat, long childrenCreated, Acl acl) {
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
    return new FakeNode(data, stat, 0, FakeCaller.OPEN);
  }

  FakeNode ownedBy(long session) {
    return new FakeNode(
        data, stat.toBuilder().setEphemeralOwner(session).build(), childrenCreated, acl);
  }

  FakeNode protectedBy(Acl wanted) {
    return new FakeNode(data, stat, childrenCreated, wanted);
  }

  FakeNode withAcl(Acl replacement) {
    Stat changed = stat.toBuilder().setAversion(stat.getAversion() + 1).build();
    return new FakeNode(data, changed, childrenCreated, replacement);
  }

  FakeNode withData(@Nullable ByteString replacement, long zxid, long timeMillis) {
    Stat changed =
        stat.toBuilder()
            .setMzxid(zxid)
            .setMtime(timeMillis)
            .setVersion(stat.getVersion() + 1)
            .setDataLength(replacement == null ? 0 : replacement.size())
            .build();
    return new FakeNode(replacement, changed, childrenCreated, acl);
  }

  FakeNode withChild(long zxid) {
    return new FakeNode(data, childrenChanged(zxid, 1), childrenCreated + 1, acl);
  }

  FakeNode withoutChild(long zxid) {
    return new FakeNode(data, childrenChanged(zxid, -1), childrenCreated, acl);
  }

  private Stat childrenChanged(long zxid, int by) {
    return stat.toBuilder()
        .setPzxid(zxid)
        .setCversion(stat.getCversion() + 1)
        .setNumChildren(stat.getNumChildren() + by)
        .build();
  }
}
