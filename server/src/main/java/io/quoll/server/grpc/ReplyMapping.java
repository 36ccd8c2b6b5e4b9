package io.quoll.server.grpc;

import com.google.common.collect.Iterables;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.AclEntry;
import io.quoll.api.v1.Child;
import io.quoll.api.v1.CountDescendantsResponse;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.DeleteRecursiveResponse;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.ExistsResponse;
import io.quoll.api.v1.GetAclResponse;
import io.quoll.api.v1.GetChildrenResponse;
import io.quoll.api.v1.GetDataResponse;
import io.quoll.api.v1.GetEphemeralsResponse;
import io.quoll.api.v1.MultiReadResponse;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.MultiResult;
import io.quoll.api.v1.ProvedIdentity;
import io.quoll.api.v1.ReadResult;
import io.quoll.api.v1.SetAclResponse;
import io.quoll.api.v1.SetDataResponse;
import io.quoll.api.v1.WhoAmIResponse;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.query.Answer;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Rejection;
import io.quoll.statemachine.state.Stat;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Makes replies, still without their headers, of results and answers. Each method throws the {@link
 * Rejection} that the core's result or answer tells of.
 */
final class ReplyMapping {
  private ReplyMapping() {}

  static CreateResponse.Builder created(Result result) {
    Result.Created created = expect(Result.Created.class, result);
    return CreateResponse.newBuilder()
        .setPath(created.path().value())
        .setStat(stat(created.stat()));
  }

  static DeleteRecursiveResponse.Builder deleted(Result result) {
    return DeleteRecursiveResponse.newBuilder()
        .setDeleted(expect(Result.Deleted.class, result).count());
  }

  static SetDataResponse.Builder dataSet(Result result) {
    return SetDataResponse.newBuilder().setStat(stat(expect(Result.DataSet.class, result).stat()));
  }

  static SetAclResponse.Builder aclSet(Result result) {
    return SetAclResponse.newBuilder().setStat(stat(expect(Result.AclSet.class, result).stat()));
  }

  static MultiResponse.Builder multi(Result result) {
    if (result instanceof Result.MultiRejected rejected) {
      return rejected(rejected);
    }
    return MultiResponse.newBuilder()
        .setCommitted(true)
        .addAllResults(
            Iterables.transform(expect(Result.All.class, result).parts(), ReplyMapping::part));
  }

  private static MultiResponse.Builder rejected(Result.MultiRejected rejected) {
    MultiResponse.Builder response = MultiResponse.newBuilder();
    for (int index = 0; index < rejected.size(); index++) {
      response.addResults(
          index == rejected.index()
              ? MultiResult.newBuilder()
                  .setError(Rejections.code(rejected.cause().code()))
                  .setMessage(rejected.cause().detail())
                  .build()
              : MultiResult.newBuilder()
                  .setError(
                      index < rejected.index()
                          ? ErrorCode.ERROR_CODE_OK
                          : ErrorCode.ERROR_CODE_RUNTIME_INCONSISTENCY)
                  .build());
    }
    return response;
  }

  private static MultiResult part(Result part) {
    MultiResult.Builder result = MultiResult.newBuilder();
    if (part instanceof Result.Created created) {
      result.setPath(created.path().value()).setStat(stat(created.stat()));
    } else if (part instanceof Result.DataSet set) {
      result.setStat(stat(set.stat()));
    }
    return result.build();
  }

  static GetDataResponse.Builder data(Answer answer) {
    Answer.Data data = expect(Answer.Data.class, answer);
    GetDataResponse.Builder response = GetDataResponse.newBuilder().setStat(stat(data.stat()));
    if (data.data() != null) {
      response.setData(data.data());
    }
    return response;
  }

  static GetAclResponse.Builder acl(Answer answer) {
    Answer.AclFound found = expect(Answer.AclFound.class, answer);
    return GetAclResponse.newBuilder().setAcl(acl(found.acl())).setStat(stat(found.stat()));
  }

  private static io.quoll.api.v1.Acl acl(Acl acl) {
    io.quoll.api.v1.Acl.Builder builder = io.quoll.api.v1.Acl.newBuilder();
    for (Acl.Entry entry : acl.entries()) {
      builder.addEntries(
          AclEntry.newBuilder()
              .setPermissions(entry.permissions())
              .setScheme(entry.scheme())
              .setId(entry.id()));
    }
    return builder.build();
  }

  static WhoAmIResponse.Builder identified(Identities identities) {
    WhoAmIResponse.Builder response = WhoAmIResponse.newBuilder();
    if (!identities.address().isEmpty()) {
      response.addIdentities(proved(Identity.IP, spelled(identities.address())));
    }
    for (Identity identity : identities.proved()) {
      response.addIdentities(proved(identity.scheme(), identity.user()));
    }
    return response;
  }

  private static ProvedIdentity proved(String scheme, String user) {
    return ProvedIdentity.newBuilder().setScheme(scheme).setUser(user).build();
  }

  private static String spelled(ByteString address) {
    try {
      return InetAddress.getByAddress(address.toByteArray()).getHostAddress();
    } catch (UnknownHostException malformed) {
      throw new IllegalArgumentException("no address: " + address, malformed);
    }
  }

  static ExistsResponse.Builder exists(Answer answer) {
    Stat stat = expect(Answer.Found.class, answer).stat();
    ExistsResponse.Builder response = ExistsResponse.newBuilder();
    return stat == null ? response : response.setStat(stat(stat));
  }

  static GetChildrenResponse.Builder children(Answer answer) {
    Answer.Children page = expect(Answer.Children.class, answer);
    return GetChildrenResponse.newBuilder()
        .setStat(stat(page.stat()))
        .addAllChildren(Iterables.transform(page.children(), ReplyMapping::child))
        .setNextPageToken(page.next());
  }

  private static Child child(Answer.Child child) {
    Child.Builder builder = Child.newBuilder().setName(child.name());
    if (child.stat() != null) {
      builder.setStat(stat(child.stat()));
    }
    if (child.data() != null) {
      builder.setData(child.data());
    }
    return builder.build();
  }

  static CountDescendantsResponse.Builder count(Answer answer) {
    Answer.Count count = expect(Answer.Count.class, answer);
    return CountDescendantsResponse.newBuilder()
        .setCount(count.count())
        .setNextPageToken(count.next() == null ? "" : count.next());
  }

  static GetEphemeralsResponse.Builder ephemerals(Answer answer) {
    return GetEphemeralsResponse.newBuilder()
        .addAllPaths(expect(Answer.Paths.class, answer).paths());
  }

  static MultiReadResponse.Builder multiRead(Answer answer) {
    return MultiReadResponse.newBuilder()
        .addAllResults(
            Iterables.transform(expect(Answer.All.class, answer).parts(), ReplyMapping::part));
  }

  private static ReadResult part(Answer part) {
    ReadResult.Builder result = ReadResult.newBuilder();
    if (part instanceof Answer.Rejected rejected) {
      result.setError(Rejections.code(rejected.code())).setMessage(rejected.detail());
    } else if (part instanceof Answer.Data) {
      result.setGetData(data(part));
    } else if (part instanceof Answer.Found) {
      result.setExists(exists(part));
    } else {
      result.setGetChildren(children(part));
    }
    return result.build();
  }

  /** {@code result} as the {@code kind} that the command has, unless it was rejected. */
  static <T extends Result> T expect(Class<T> kind, Result result) {
    if (result instanceof Result.Rejected rejected) {
      throw new Rejection(rejected.code(), rejected.path(), rejected.detail());
    }
    if (!kind.isInstance(result)) { // Only what was recorded under a number can be another's.
      throw new Rejection(
          io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS,
          "",
          "another kind of write was made under this cxid before");
    }
    return kind.cast(result);
  }

  static <T extends Answer> T expect(Class<T> kind, Answer answer) {
    if (answer instanceof Answer.Rejected rejected) {
      throw new Rejection(rejected.code(), rejected.path(), rejected.detail());
    }
    return kind.cast(answer);
  }

  static io.quoll.api.v1.Stat stat(Stat stat) {
    return io.quoll.api.v1.Stat.newBuilder()
        .setCzxid(stat.czxid())
        .setMzxid(stat.mzxid())
        .setCtime(stat.ctime())
        .setMtime(stat.mtime())
        .setVersion(stat.version())
        .setCversion(stat.cversion())
        .setAversion(stat.aversion())
        .setEphemeralOwner(stat.ephemeralOwner())
        .setDataLength(stat.dataLength())
        .setNumChildren(stat.numChildren())
        .setPzxid(stat.pzxid())
        .build();
  }
}
