package io.quoll.statemachine.command;

import static io.quoll.statemachine.command.Replica.SECRET;
import static io.quoll.statemachine.command.Replica.container;
import static io.quoll.statemachine.command.Replica.ephemeral;
import static io.quoll.statemachine.command.Replica.multi;
import static io.quoll.statemachine.command.Replica.persistent;
import static io.quoll.statemachine.command.Replica.replica;
import static io.quoll.statemachine.command.Replica.withTtl;
import static io.quoll.statemachine.state.ErrorCode.BAD_ARGUMENTS;
import static io.quoll.statemachine.state.ErrorCode.BAD_VERSION;
import static io.quoll.statemachine.state.ErrorCode.NODE_EXISTS;
import static io.quoll.statemachine.state.ErrorCode.NO_NODE;
import static io.quoll.statemachine.state.ErrorCode.QUOTA_EXCEEDED;
import static io.quoll.statemachine.state.QuotaLimits.KEEP;
import static io.quoll.statemachine.state.QuotaLimits.NONE;
import static io.quoll.statemachine.state.Tree.bytes;
import static io.quoll.statemachine.state.Tree.path;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Change;
import io.quoll.statemachine.state.ErrorCode;
import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.QuotaAlarm;
import io.quoll.statemachine.state.QuotaLimits;
import io.quoll.statemachine.state.Stat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuotaTest {
  private static final QuotaLimits UNLIMITED = new QuotaLimits(NONE, NONE, 10_000, NONE);

  @Test
  void aQuotaIsKeptWhereZooKeepersToolsLookForIt() {
    Replica replica = replica("/app", "/app/a", "/app/a/b");
    replica.apply(new SetData(path("/app/a"), bytes("four"), -1));

    replica.apply(new SetQuota(path("/app/a"), new QuotaLimits(NONE, NONE, 2, KEEP)));

    assertThat(data(replica, "/zookeeper/quota/app/a/zookeeper_limits"))
        .isEqualTo("count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2");
    assertThat(usage(replica, "/app/a")).isEqualTo("count=2,bytes=4");
    assertThat(replica.tree.data(path("/zookeeper/quota/app"))).isNull();
  }

  @Test
  void aChangeKeepsTheLimitsThatItDoesNotName() {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(1, 2, 3, 4)));

    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, KEEP, 7, KEEP)));

    assertThat(data(replica, "/zookeeper/quota/a/zookeeper_limits"))
        .isEqualTo("count=-1,bytes=2=;byteHardLimit=4;countHardLimit=7");
    assertThat(usage(replica, "/a")).isEqualTo("count=1,bytes=0");
  }

  @Test
  void theUsageFollowsEveryKindOfChange() {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), UNLIMITED));
    long session = replica.open(SECRET);

    replica.apply(persistent("/a/b", bytes("12345")));
    replica.apply(persistent("/a/b/c"));
    assertThat(usage(replica, "/a")).isEqualTo("count=3,bytes=5");
    replica.apply(new SetData(path("/a/b"), bytes("1"), -1));
    replica.apply(new SetData(path("/a/b/c"), null, -1));
    assertThat(usage(replica, "/a")).isEqualTo("count=3,bytes=1");
    replica.applyAs(session, ephemeral("/a/e"));
    replica.apply(multi(persistent("/a/m", bytes("xy")), new Delete(path("/a/b/c"), -1)));
    assertThat(usage(replica, "/a")).isEqualTo("count=4,bytes=3");
    replica.apply(new CloseSession(session, 1));
    assertThat(usage(replica, "/a")).isEqualTo("count=3,bytes=3");
    replica.apply(container("/a/c"));
    replica.apply(persistent("/a/c/x"));
    replica.apply(new Delete(path("/a/c/x"), -1));
    replica.apply(new DeleteIfUnused(path("/a/c")));
    replica.apply(withTtl("/a/t", 1));
    replica.applyAt(Long.MAX_VALUE / 2, new DeleteIfUnused(path("/a/t")));
    assertThat(usage(replica, "/a")).isEqualTo("count=3,bytes=3");
    replica.apply(new DeleteRecursive(path("/a")));
    assertThat(usage(replica, "/a")).isEqualTo("count=0,bytes=0");
    replica.apply(persistent("/a", bytes("again")));
    assertThat(usage(replica, "/a")).isEqualTo("count=1,bytes=5");
  }

  @Test
  void whatLiesBesideTheSubtreeDoesNotCount() {
    Replica replica = replica("/a", "/ab", "/b");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, NONE, 1, 0)));

    assertThat(replica.apply(persistent("/ab/x", bytes("x")))).isInstanceOf(Result.Created.class);
    assertThat(replica.apply(persistent("/b/a", bytes("x")))).isInstanceOf(Result.Created.class);
    assertThat(usage(replica, "/a")).isEqualTo("count=1,bytes=0");
  }

  @Test
  void aHardLimitIsReachedAndNotCrossed() {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, NONE, 2, 3)));

    assertThat(replica.codeOf(persistent("/a/b", bytes("1234")))).isEqualTo(QUOTA_EXCEEDED);
    assertThat(replica.apply(persistent("/a/b", bytes("123")))).isInstanceOf(Result.Created.class);
    assertThat(replica.codeOf(persistent("/a/c"))).isEqualTo(QUOTA_EXCEEDED);
    assertThat(replica.codeOf(new SetData(path("/a"), bytes("x"), -1))).isEqualTo(QUOTA_EXCEEDED);
    assertThat(replica.apply(new SetData(path("/a/b"), bytes("12"), -1)))
        .isInstanceOf(Result.DataSet.class);
    assertThat(usage(replica, "/a")).isEqualTo("count=2,bytes=2");
  }

  @Test
  void aSubtreeThatIsBeyondItsNewLimitCanOnlyShrink() {
    Replica replica = replica("/a", "/a/b", "/a/c");
    replica.apply(new SetData(path("/a"), bytes("12345"), -1));
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, NONE, 1, 1)));

    assertThat(replica.codeOf(persistent("/a/d"))).isEqualTo(QUOTA_EXCEEDED);
    assertThat(replica.apply(new SetData(path("/a"), bytes("1234"), -1)))
        .isInstanceOf(Result.DataSet.class);
    assertThat(replica.apply(new Delete(path("/a/b"), -1))).isEqualTo(new Result.Deleted(1));
  }

  @Test
  void thePartsOfAMultiAreCheckedOneByOneAndFailTogether() {
    Replica replica = replica("/a", "/a/b");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, NONE, 2, NONE)));

    assertThat(replica.apply(multi(new Delete(path("/a/b"), -1), persistent("/a/c"))))
        .isInstanceOf(Result.All.class);
    Result rejected =
        replica.apply(multi(new SetData(path("/a"), bytes("x"), -1), persistent("/a/d")));

    assertThat(((Result.MultiRejected) rejected).cause().code()).isEqualTo(QUOTA_EXCEEDED);
    assertThat(usage(replica, "/a")).isEqualTo("count=2,bytes=0");
  }

  @Test
  void aQuotaComesAfterOtherErrorsOfACreateAndBeforeTheVersionOfASet() {
    Replica replica = replica("/a", "/a/b");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(NONE, NONE, 0, 0)));

    assertThat(replica.codeOf(persistent("/a/b"))).isEqualTo(NODE_EXISTS);
    assertThat(replica.codeOf(persistent("/a/no/c"))).isEqualTo(NO_NODE);
    assertThat(replica.codeOf(new SetData(path("/a"), bytes("x"), 9))).isEqualTo(QUOTA_EXCEEDED);
    assertThat(replica.codeOf(new SetData(path("/a"), null, 9))).isEqualTo(BAD_VERSION);
  }

  @ParameterizedTest
  @CsvSource({
    "/, BAD_ARGUMENTS",
    "/zookeeper, BAD_ARGUMENTS",
    "/zookeeper/quota/x, BAD_ARGUMENTS",
    "/x/zookeeper_limits, BAD_ARGUMENTS",
    "/no, NO_NODE",
    "/q/a, BAD_ARGUMENTS",
    "/q/a/b, BAD_ARGUMENTS",
    "/p, BAD_ARGUMENTS"
  })
  void someSubtreesCanHaveNoQuota(String subtree, ErrorCode code) {
    Replica replica = replica("/q", "/q/a", "/q/a/b", "/p", "/p/a", "/p/a/b");
    replica.apply(new SetQuota(path("/q"), UNLIMITED));
    replica.apply(new SetQuota(path("/p/a/b"), UNLIMITED));

    assertThat(replica.codeOf(new SetQuota(path(subtree), UNLIMITED))).isEqualTo(code);
  }

  @Test
  void nestedQuotasAreRefusedInZooKeepersWords() {
    Replica replica = replica("/p", "/p/a", "/p/a/b");
    replica.apply(new SetQuota(path("/p/a"), UNLIMITED));

    assertThat(replica.apply(new SetQuota(path("/p"), UNLIMITED)))
        .isEqualTo(
            new Result.Rejected(BAD_ARGUMENTS, "/p", "/p has a child /p/a which has a quota"));
    assertThat(replica.apply(new SetQuota(path("/p/a/b"), UNLIMITED)))
        .isEqualTo(
            new Result.Rejected(
                BAD_ARGUMENTS, "/p/a/b", "/p/a/b has a parent /p/a which has a quota"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/zookeeper/quota", "/zookeeper/quota/a", "/zookeeper/quota/a/new"})
  void quotasAreNotWrittenByHand(String path) {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), UNLIMITED));

    assertThat(replica.codeOf(new SetData(path(path), bytes("x"), -1))).isEqualTo(BAD_ARGUMENTS);
    assertThat(replica.codeOf(new Delete(path(path), -1))).isEqualTo(BAD_ARGUMENTS);
    assertThat(replica.codeOf(new DeleteRecursive(path(path)))).isEqualTo(BAD_ARGUMENTS);
    assertThat(replica.codeOf(persistent(path + "/x"))).isEqualTo(BAD_ARGUMENTS);
  }

  @Test
  void aRemovedQuotaLeavesNothingAndLimitsNothing() {
    Replica replica = replica("/a", "/a/b");
    replica.apply(new SetQuota(path("/a/b"), new QuotaLimits(NONE, NONE, 0, 0)));

    assertThat(replica.apply(new RemoveQuota(path("/a/b")))).isEqualTo(new Result.Done());

    assertThat(replica.tree.children(Genesis.QUOTA, "", 9)).isEmpty();
    assertThat(replica.apply(persistent("/a/b/c"))).isInstanceOf(Result.Created.class);
    assertThat(replica.codeOf(new RemoveQuota(path("/a/b")))).isEqualTo(NO_NODE);
    assertThat(replica.codeOf(new RemoveQuota(path("/")))).isEqualTo(NO_NODE);
    assertThat(replica.codeOf(new SetQuota(path("/a"), new QuotaLimits(NONE, KEEP, KEEP, NONE))))
        .isEqualTo(NO_NODE);
  }

  @Test
  void aLargeSubtreeIsCountedInPartsWhileItChanges() {
    Replica replica = replica("/a");
    for (int i = 0; i < CountQuota.ZNODES_MAX + 500; i++) {
      replica.tree.add("/a/n%05d".formatted(i), bytes("x"));
    }

    Result begun = replica.apply(new SetQuota(path("/a"), UNLIMITED));
    replica.apply(new Delete(path("/a/n00000"), -1));
    replica.apply(new Delete(path("/a/n02400"), -1));
    replica.apply(persistent("/a/a", bytes("yy")));
    replica.apply(persistent("/a/z", bytes("zzz")));
    Soundness.check(replica.tree);
    Result ended = replica.apply(new CountQuota(path("/a")));

    assertThat(begun).isEqualTo(new Result.QuotaCounted(false));
    assertThat(ended).isEqualTo(new Result.QuotaCounted(true));
    assertThat(usage(replica, "/a")).isEqualTo("count=2501,bytes=2503");
    assertThat(replica.tree.data(Genesis.QUOTA)).isEqualTo(ByteString.EMPTY);
    assertThat(replica.apply(new CountQuota(path("/a")))).isEqualTo(new Result.QuotaCounted(true));
  }

  @Test
  void aSoftLimitIsToldOfWhenItIsCrossedAndRejectsNothing() {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), new QuotaLimits(2, 3, NONE, NONE)));

    assertThat(replica.alarmsOf(persistent("/a/b", bytes("123")))).isEmpty();
    assertThat(replica.alarmsOf(persistent("/a/c", bytes("4"))))
        .containsExactly(
            new QuotaAlarm(path("/a"), "count", 3, 2), new QuotaAlarm(path("/a"), "bytes", 4, 3));
    assertThat(replica.alarmsOf(persistent("/a/d"))).isEmpty();
  }

  @Test
  void theUsageChangesWithoutATraceInItsStatAndInTheHistory() {
    Replica replica = replica("/a");
    replica.apply(new SetQuota(path("/a"), UNLIMITED));
    Stat before = replica.stat("/zookeeper/quota/a/zookeeper_stats");

    assertThat(replica.changesOf(persistent("/a/b")))
        .containsExactly(new Change.Created(path("/a/b"), Acl.OPEN, Acl.OPEN));

    assertThat(replica.stat("/zookeeper/quota/a/zookeeper_stats")).isEqualTo(before);
  }

  private static String usage(Replica replica, String subtree) {
    return data(replica, "/zookeeper/quota" + subtree + "/zookeeper_stats");
  }

  private static String data(Replica replica, String path) {
    return requireNonNull(replica.tree.data(path(path))).toStringUtf8();
  }
}
