package io.quoll.client;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.CheckRequest;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.ReadOperation;
import io.quoll.api.v1.SetDataRequest;
import org.jspecify.annotations.Nullable;

/** From the values of the client to the messages of the contract. Thread-safe. */
record Requests(Chroot chroot) {
  CreateRequest.Builder create(String path, @Nullable ByteString data, CreateMode mode) {
    CreateRequest.Builder request = CreateRequest.newBuilder();
    switch (mode) {
      case PERSISTENT ->
          request.setPath(chroot.toTree(path)).setMode(io.quoll.api.v1.CreateMode.PERSISTENT);
      case PERSISTENT_SEQUENTIAL ->
          request
              .setPath(chroot.toTreeSequential(path))
              .setMode(io.quoll.api.v1.CreateMode.PERSISTENT_SEQUENTIAL);
    }
    if (data != null) {
      request.setData(data);
    }
    return request;
  }

  DeleteRequest.Builder delete(String path, int expectedVersion) {
    return DeleteRequest.newBuilder()
        .setPath(chroot.toTree(path))
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

  MultiOperation write(Write write) {
    MultiOperation.Builder operation = MultiOperation.newBuilder();
    if (write instanceof Write.Create create) {
      operation.setCreate(create(create.path(), create.data(), create.mode()));
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

  ReadOperation read(Read read) {
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
