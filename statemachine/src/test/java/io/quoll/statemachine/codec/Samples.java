package io.quoll.statemachine.codec;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Barrier;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Check;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.CountQuota;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.DeleteIfUnused;
import io.quoll.statemachine.command.DeleteRecursive;
import io.quoll.statemachine.command.Multi;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Refuse;
import io.quoll.statemachine.command.RegisterServer;
import io.quoll.statemachine.command.RemoveQuota;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.command.SetQuota;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodeKind;
import io.quoll.statemachine.state.ZnodePath;

/** One and more commands of every kind, and callers of every form. */
final class Samples {
  static final ZnodePath PATH = ZnodePath.of("/app/naïve-日本");
  static final ByteString DATA = ByteString.copyFromUtf8("data");
  static final ByteString SECRET = ByteString.copyFrom(new byte[Session.SECRET_BYTES]);
  static final Acl LISTED =
      new Acl(
          ImmutableList.of(
              new Acl.Entry(31, "digest", "ada:hash"), new Acl.Entry(1, "world", "anyone")));

  static final ImmutableList<Command> COMMANDS =
      ImmutableList.of(
          new Barrier(),
          new Check(PATH, -1),
          new Check(PATH, 7),
          new Create(PATH, "", CreateMode.PERSISTENT_SEQUENTIAL, 0, null, Acl.OPEN),
          new Create(
              ZnodePath.ROOT,
              "lock-",
              CreateMode.PERSISTENT_SEQUENTIAL,
              0,
              ByteString.EMPTY,
              Acl.READABLE),
          new Create(PATH, "näme", CreateMode.PERSISTENT, 0, DATA, LISTED),
          new Create(PATH, "name", CreateMode.PERSISTENT, 0, DATA, new Acl(ImmutableList.of())),
          new Create(PATH, "e", CreateMode.EPHEMERAL, 0, DATA, Acl.OPEN),
          new Create(PATH, "e-", CreateMode.EPHEMERAL_SEQUENTIAL, 0, null, Acl.OPEN),
          new Create(PATH, "c", CreateMode.CONTAINER, 0, null, Acl.OPEN),
          new Create(PATH, "t", CreateMode.PERSISTENT_WITH_TTL, 1, null, Acl.OPEN),
          new Create(
              PATH,
              "t-",
              CreateMode.PERSISTENT_SEQUENTIAL_WITH_TTL,
              ZnodeKind.TTL_MILLIS_MAX,
              DATA,
              Acl.OPEN),
          new Delete(PATH, Integer.MIN_VALUE),
          new DeleteIfUnused(PATH),
          new Refuse(ErrorCode.CXID_GAP, "no path", "detail"),
          new OpenSession(SECRET, 1),
          new OpenSession(SECRET, Long.MAX_VALUE),
          new AttachSession(Long.MAX_VALUE, SECRET, 40_000),
          new CloseSession(1, Long.MAX_VALUE),
          new DeleteRecursive(PATH),
          new SetQuota(PATH, new QuotaLimits(QuotaLimits.KEEP, QuotaLimits.NONE, 0, 1L << 40)),
          new RemoveQuota(PATH),
          new CountQuota(PATH),
          new Multi(ImmutableList.of()),
          new Multi(
              ImmutableList.of(
                  new Check(PATH, 1),
                  new Create(PATH, "a", CreateMode.PERSISTENT, 0, null, Acl.OPEN),
                  new SetData(PATH, DATA, -1),
                  new Delete(PATH, Integer.MAX_VALUE))),
          new RegisterServer(255, "directory", "host:7181"),
          new SetAcl(PATH, LISTED, -1),
          new SetAcl(PATH, Acl.OPEN, Integer.MAX_VALUE),
          new SetData(PATH, null, -1),
          new SetData(PATH, ByteString.EMPTY, -1),
          new SetData(ZnodePath.ROOT, DATA, 0));

  static final ImmutableList<Caller> CALLERS =
      ImmutableList.of(
          Caller.ANONYMOUS,
          Caller.session(-5, 1, 2, 3, Identities.NONE),
          Caller.leader(1),
          new Caller(3, 1, 2, 1, Long.MAX_VALUE, Identities.NONE),
          Caller.unattached(Identities.from(ByteString.copyFrom(new byte[] {10, 0, 0, 1}))),
          Caller.session(
              Long.MAX_VALUE,
              Long.MAX_VALUE,
              Long.MAX_VALUE,
              1,
              Identities.of(
                  new Identity("digest", "ada:strong", "ada:weak"),
                  Identity.of("x509", "CN=ada"),
                  Identity.SUPER)));

  private Samples() {}
}
