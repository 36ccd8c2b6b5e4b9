package io.quoll.server.grpc;

import com.google.protobuf.ByteString;
import io.quoll.api.v1.AddWatchRequest;
import io.quoll.api.v1.CheckWatchesRequest;
import io.quoll.api.v1.CloseSessionRequest;
import io.quoll.api.v1.CountDescendantsRequest;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.DeleteRecursiveRequest;
import io.quoll.api.v1.DeleteRequest;
import io.quoll.api.v1.ExistsRequest;
import io.quoll.api.v1.GetChildrenRequest;
import io.quoll.api.v1.GetDataRequest;
import io.quoll.api.v1.GetEphemeralsRequest;
import io.quoll.api.v1.MultiReadRequest;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.RemoveWatchesRequest;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.SetWatchesRequest;
import io.quoll.api.v1.SyncRequest;
import io.quoll.api.v1.WatchKind;
import io.quoll.api.v1.WatchMode;

/** The requests of a stream, as short as tests want them. */
final class StreamRequests {
  private StreamRequests() {}

  static SessionRequest.Builder create(long cxid, String path) {
    return create(cxid, path, CreateMode.PERSISTENT);
  }

  static SessionRequest.Builder create(long cxid, String path, CreateMode mode) {
    return write(cxid).setCreate(CreateRequest.newBuilder().setPath(path).setMode(mode));
  }

  static SessionRequest.Builder delete(long cxid, String path) {
    return write(cxid).setDelete(DeleteRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder deleteRecursive(long cxid, String path) {
    return write(cxid).setDeleteRecursive(DeleteRecursiveRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder setData(long cxid, String path, String data) {
    return setData(cxid, path, ByteString.copyFromUtf8(data));
  }

  static SessionRequest.Builder setData(long cxid, String path, ByteString data) {
    return write(cxid).setSetData(SetDataRequest.newBuilder().setPath(path).setData(data));
  }

  static SessionRequest.Builder multi(long cxid, MultiRequest.Builder multi) {
    return write(cxid).setMulti(multi);
  }

  private static SessionRequest.Builder write(long cxid) {
    return SessionRequest.newBuilder().setXid(100 + cxid).setCxid(cxid);
  }

  static SessionRequest.Builder getData(long xid, String path) {
    return xid(xid).setGetData(GetDataRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder getDataAndWatch(long xid, String path) {
    return xid(xid).setGetData(GetDataRequest.newBuilder().setPath(path).setWatch(true));
  }

  static SessionRequest.Builder exists(long xid, String path) {
    return xid(xid).setExists(ExistsRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder existsAndWatch(long xid, String path) {
    return xid(xid).setExists(ExistsRequest.newBuilder().setPath(path).setWatch(true));
  }

  static SessionRequest.Builder children(long xid, String path) {
    return xid(xid).setGetChildren(GetChildrenRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder childrenAndWatch(long xid, String path) {
    return xid(xid).setGetChildren(GetChildrenRequest.newBuilder().setPath(path).setWatch(true));
  }

  static SessionRequest.Builder multiRead(long xid, MultiReadRequest.Builder read) {
    return xid(xid).setMultiRead(read);
  }

  static SessionRequest.Builder count(long xid, String path) {
    return xid(xid).setCountDescendants(CountDescendantsRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder ephemerals(long xid, String prefix) {
    return xid(xid).setGetEphemerals(GetEphemeralsRequest.newBuilder().setPathPrefix(prefix));
  }

  static SessionRequest.Builder sync(long xid, String path) {
    return xid(xid).setSync(SyncRequest.newBuilder().setPath(path));
  }

  static SessionRequest.Builder addWatch(long xid, String path, WatchMode mode) {
    return xid(xid).setAddWatch(AddWatchRequest.newBuilder().setPath(path).setMode(mode));
  }

  static SessionRequest.Builder removeWatches(long xid, String path, WatchKind kind) {
    return xid(xid).setRemoveWatches(RemoveWatchesRequest.newBuilder().setPath(path).setKind(kind));
  }

  static SessionRequest.Builder checkWatches(long xid, String path, WatchKind kind) {
    return xid(xid).setCheckWatches(CheckWatchesRequest.newBuilder().setPath(path).setKind(kind));
  }

  static SessionRequest.Builder setWatches(long xid, SetWatchesRequest.Builder watches) {
    return xid(xid).setSetWatches(watches);
  }

  static SessionRequest.Builder close(long xid) {
    return xid(xid).setClose(CloseSessionRequest.getDefaultInstance());
  }

  static SessionRequest.Builder xid(long xid) {
    return SessionRequest.newBuilder().setXid(xid);
  }
}
