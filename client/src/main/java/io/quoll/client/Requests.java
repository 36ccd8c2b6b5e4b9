package io.quoll.client;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.AclEntry;
import io.quoll.api.v1.CheckRequest;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetAclRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.SetAclRequest;
import io.quoll.api.v1.SetDataRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** From the values of the client to the messages of the contract. Thread-safe. */
record Requests(Chroot chroot) {
  CreateRequest.Builder create(
      String path, @Nullable ByteString data, CreateMode mode, Duration ttl, Acl acl) {
    CreateRequest.Builder request =
        CreateRequest.newBuilder()
            .setPath(mode.isSequential() ? chroot.toTreeSequential(path) : chroot.toTree(path))
            .setMode(mode(mode))
            .setTtlMillis(ttl.toMillis());
    if (data != null) {
      request.setData(data);
    }
    if (!acl.equals(Acl.OPEN)) { // Which a server takes for granted.
      request.setAcl(acl(acl));
    }
    return request;
  }

  private static io.quoll.api.v1.Acl acl(Acl acl) {
    io.quoll.api.v1.Acl.Builder message = io.quoll.api.v1.Acl.newBuilder();
    for (Acl.Entry entry : acl.entries()) {
      message.addEntries(
          AclEntry.newBuilder()
              .setScheme(entry.scheme())
              .setId(entry.id())
              .setPermissions(Permission.bits(entry.permissions())));
    }
    return message.build();
  }

  GetAclRequest.Builder acl(String path) {
    return GetAclRequest.newBuilder().setPath(chroot.toTree(path));
  }

  SetAclRequest.Builder setAcl(String path, Acl acl, int expectedAversion) {
    return SetAclRequest.newBuilder()
        .setPath(chroot.toTree(path))
        .setAcl(acl(acl))
        .setExpectedAversion(expectedAversion);
  }

  private static io.quoll.api.v1.CreateMode mode(CreateMode mode) {
    return switch (mode) {
      case PERSISTENT -> io.quoll.api.v1.CreateMode.PERSISTENT;
      case PERSISTENT_SEQUENTIAL -> io.quoll.api.v1.CreateMode.PERSISTENT_SEQUENTIAL;
      case EPHEMERAL -> io.quoll.api.v1.CreateMode.EPHEMERAL;
      case EPHEMERAL_SEQUENTIAL -> io.quoll.api.v1.CreateMode.EPHEMERAL_SEQUENTIAL;
      case CONTAINER -> io.quoll.api.v1.CreateMode.CONTAINER;
      case PERSISTENT_WITH_TTL -> io.quoll.api.v1.CreateMode.PERSISTENT_WITH_TTL;
      case PERSISTENT_SEQUENTIAL_WITH_TTL ->
          io.quoll.api.v1.CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL;
    };
  }

  DeleteRequest.Builder delete(String path, int expectedVersion) {
    return DeleteRequest.newBuilder()
        .setPath(chroot.toTreeDeleted(path))
        .setExpectedVersion(expectedVersion);
  }

  SetDataRequest.Builder setData(String path, @Nullable ByteString data, int expectedVersion) {
    SetDataRequest.Builder request =
        SetDataRequest.newBuilder()
            .setPath(chroot.toTree(path))
            .setExpectedVersion(expectedVersion);
    if (data != null) {
      request.setData(data);
    }
    return request;
  }

  GetDataRequest.Builder data(String path) {
    return GetDataRequest.newBuilder().setPath(chroot.toTree(path));
  }

  ExistsRequest.Builder exists(String path) {
    return ExistsRequest.newBuilder().setPath(chroot.toTree(path));
  }

  GetChildrenRequest.Builder children(String path, PageRequest page) {
    return GetChildrenRequest.newBuilder()
        .setPath(chroot.toTree(path))
        .setLimit(page.limit())
        .setPageToken(page.pageToken())
        .setWithStat(page.withStat())
        .setWithData(page.withData());
  }

  MultiRequest.Builder multi(List<Write> writes) {
    MultiRequest.Builder request = MultiRequest.newBuilder();
    for (Write write : writes) {
      request.addOperations(write(write));
    }
    return request;
  }

  MultiReadRequest.Builder multiRead(List<Read> reads) {
    MultiReadRequest.Builder request = MultiReadRequest.newBuilder();
    for (Read read : reads) {
      request.addOperations(read(read));
    }
    return request;
  }

  static io.quoll.api.v1.QuotaLimits limits(QuotaLimits change) {
    io.quoll.api.v1.QuotaLimits.Builder limits = io.quoll.api.v1.QuotaLimits.newBuilder();
    if (change.count() != QuotaLimits.KEEP) {
      limits.setCount(change.count());
    }
    if (change.bytes() != QuotaLimits.KEEP) {
      limits.setBytes(change.bytes());
    }
    if (change.hardCount() != QuotaLimits.KEEP) {
      limits.setHardCount(change.hardCount());
    }
    if (change.hardBytes() != QuotaLimits.KEEP) {
      limits.setHardBytes(change.hardBytes());
    }
    return limits.build();
  }

  static io.quoll.api.v1.Consistency consistency(Consistency consistency) {
    return switch (consistency) {
      case LOCAL -> io.quoll.api.v1.Consistency.LOCAL;
      case LINEARIZABLE -> io.quoll.api.v1.Consistency.LINEARIZABLE;
    };
  }

  private MultiOperation write(Write write) {
    MultiOperation.Builder operation = MultiOperation.newBuilder();
    if (write instanceof Write.Create create) {
      operation.setCreate(
          create(create.path(), create.data(), create.mode(), create.ttl(), create.acl()));
    } else if (write instanceof Write.Delete delete) {
      operation.setDelete(delete(delete.path(), delete.expectedVersion()));
    } else if (write instanceof Write.SetData set) {
      operation.setSetData(setData(set.path(), set.data(), set.expectedVersion()));
    } else if (write instanceof Write.Check check) {
      operation.setCheck(
          CheckRequest.newBuilder()
              .setPath(chroot.toTree(check.path()))
              .setExpectedVersion(check.expectedVersion()));
    }
    return operation.build();
  }

  private ReadOperation read(Read read) {
    ReadOperation.Builder operation = ReadOperation.newBuilder();
    if (read instanceof Read.GetData data) {
      operation.setGetData(data(data.path()));
    } else if (read instanceof Read.Exists exists) {
      operation.setExists(exists(exists.path()));
    } else if (read instanceof Read.Children children) {
      operation.setGetChildren(children(children.path(), children.page()));
    }
    return operation.build();
  }
}
