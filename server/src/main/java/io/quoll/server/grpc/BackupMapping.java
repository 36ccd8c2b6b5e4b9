package io.quoll.server.grpc;

import io.quoll.api.v1.BackupAclEntry;
import io.quoll.api.v1.BackupManifest;
import io.quoll.api.v1.BackupZnode;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodeKind;
import io.quoll.statemachine.store.SnapshotReader.StoredZnode;
import io.quoll.statemachine.store.StoreHead;

/** Makes what a backup holds of what a store holds. */
final class BackupMapping {
  /** The format that is written here. */
  static final int FORMAT_VERSION = 1;

  private BackupMapping() {}

  static BackupManifest.Builder manifest(StoreHead head) {
    return BackupManifest.newBuilder()
        .setFormatVersion(FORMAT_VERSION)
        .setTerm(head.position().term())
        .setIndex(head.position().index())
        .setZxid(head.zxid())
        .setTimeMillis(head.timeMillis())
        .setTreeDigest(head.digest());
  }

  static BackupZnode znode(StoredZnode stored) {
    Znode znode = stored.znode();
    BackupZnode.Builder backup =
        BackupZnode.newBuilder()
            .setPath(stored.path().value())
            .setCzxid(znode.czxid())
            .setMzxid(znode.mzxid())
            .setPzxid(znode.pzxid())
            .setCtime(znode.ctime())
            .setMtime(znode.mtime())
            .setVersion(znode.version())
            .setAversion(znode.aversion())
            .setChildrenCreated(znode.childrenCreated())
            .setNumChildren(znode.numChildren());
    if (stored.data() != null) {
      backup.setData(stored.data());
    }
    for (Acl.Entry entry : znode.acl().entries()) {
      backup.addAcl(
          BackupAclEntry.newBuilder()
              .setPermissions(entry.permissions())
              .setScheme(entry.scheme())
              .setId(entry.id()));
    }
    setKind(znode.kind(), backup);
    return backup.build();
  }

  private static void setKind(ZnodeKind kind, BackupZnode.Builder backup) {
    if (kind instanceof ZnodeKind.Ephemeral ephemeral) {
      backup.setEphemeralOwner(ephemeral.sessionId());
    } else if (kind instanceof ZnodeKind.Container) {
      backup.setContainer(true);
    } else if (kind instanceof ZnodeKind.TimeToLive ttl) {
      backup.setTtlMillis(ttl.millis());
    }
  }
}
