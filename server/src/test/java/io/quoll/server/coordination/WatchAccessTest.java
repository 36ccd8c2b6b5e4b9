package io.quoll.server.coordination;

import static io.quoll.server.coordination.FeedHarness.LONG;
import static io.quoll.server.coordination.FeedHarness.awaitEvents;
import static io.quoll.server.coordination.FeedHarness.awaitTold;
import static io.quoll.server.coordination.FeedHarness.texts;
import static io.quoll.server.coordination.WatchMode.CHILDREN;
import static io.quoll.server.coordination.WatchMode.DATA;
import static io.quoll.server.coordination.WatchMode.PERSISTENT;
import static io.quoll.server.coordination.WatchMode.RECURSIVE;
import static io.quoll.server.coordination.WatchedReplica.createZnode;
import static io.quoll.server.coordination.WatchedReplica.path;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.server.coordination.FeedReader.WatchedZnode;
import io.quoll.server.coordination.Watches.Rearmed;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.SetAcl;
import io.quoll.statemachine.command.SetData;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Permission;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Watches tell nobody of what he may not read, and cost him no less for it. */
class WatchAccessTest {
  private static final Identities ADA = Identities.of(Identity.of(Identity.X509, "CN=ada"));

  /** Ada may do everything, and nobody else anything. */
  private static final Acl ADAS =
      new Acl(ImmutableList.of(new Acl.Entry(Permission.ALL, Identity.X509, "CN=ada")));

  private final RecordingWatcher ada = new RecordingWatcher(ADA);
  private final RecordingWatcher stranger = new RecordingWatcher();

  private static Watches watchesOf(WatchedReplica replica) {
    Watches watches = new Watches(replica.store);
    replica.tell(watches);
    return watches;
  }

  private static void watch(
      WatchedReplica replica, Watches watches, String path, WatchMode mode, Watcher... watchers) {
    for (Watcher watcher : watchers) {
      watches.add(path(path), mode, watcher, replica.store.publishedZxid());
    }
  }

  private static void asAda(WatchedReplica replica, Command... commands) {
    for (Command command : commands) {
      Object unused = replica.applyAs(Caller.unattached(ADA), command);
    }
  }

  private static Create secret(String path) {
    return Create.at(path, false, null, ADAS);
  }

  private static SetData setData(String path) {
    return new SetData(path(path), ByteString.copyFromUtf8("x"), -1);
  }

  private static Delete delete(String path) {
    return new Delete(path(path), -1);
  }

  @Test
  void aZnodeThatMayNotBeReadIsToldOfToNobodyElse() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    for (WatchMode mode : EnumSet.of(DATA, PERSISTENT)) {
      watch(replica, watches, "/a", mode, ada, stranger);
    }
    watch(replica, watches, "/", RECURSIVE, ada, stranger);

    asAda(replica, secret("/a"), setData("/a"), delete("/a"));

    assertThat(ada.take())
        .containsExactly("NODE_CREATED /a 1", "NODE_DATA_CHANGED /a 2", "NODE_DELETED /a 3");
    assertThat(stranger.take()).isEmpty();
  }

  @Test
  void theListOfChildrenIsJudgedByTheParentAndTheChildByItsOwnAcl() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    asAda(replica, createZnode("/open"), secret("/closed"));
    watch(replica, watches, "/open", CHILDREN, stranger);
    watch(replica, watches, "/closed", PERSISTENT, stranger, ada);
    watch(replica, watches, "/closed/a", DATA, stranger);

    asAda(replica, secret("/open/a"), createZnode("/closed/a"));

    assertThat(stranger.take())
        .containsExactly("NODE_CHILDREN_CHANGED /open 3", "NODE_CREATED /closed/a 4");
    assertThat(ada.take()).containsExactly("NODE_CHILDREN_CHANGED /closed 4");
  }

  @Test
  void aWatchForOneEventThatMayNotTellIsUsedUpAllTheSame() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    asAda(replica, secret("/a"));
    watch(replica, watches, "/a", DATA, stranger);
    watch(replica, watches, "/a", CHILDREN, stranger);

    asAda(replica, setData("/a"), createZnode("/a/b"));

    assertThat(stranger.take()).isEmpty();
    assertThat(watches.count(stranger)).isZero();
    asAda(replica, new SetAcl(path("/a"), Acl.OPEN, -1), setData("/a"));
    assertThat(stranger.take()).isEmpty();
  }

  @Test
  void aLastingWatchTellsAgainOnceTheZnodeMayBeRead() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    asAda(replica, secret("/a"));
    watch(replica, watches, "/a", PERSISTENT, stranger);

    asAda(replica, setData("/a"), new SetAcl(path("/a"), Acl.OPEN, -1), setData("/a"));

    assertThat(stranger.take()).containsExactly("NODE_DATA_CHANGED /a 4");
  }

  @Test
  void watchesThatAreSetAgainTellNothingThatMayNotBeReadNow() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    asAda(replica, createZnode("/a"), createZnode("/b"));
    long since = replica.store.publishedZxid();
    asAda(
        replica,
        setData("/a"),
        createZnode("/a/child"),
        new SetAcl(path("/a"), ADAS, -1),
        secret("/new"),
        delete("/b"));
    Rearmed rearmed =
        new Rearmed(since, paths("/a", "/b"), paths("/new"), paths("/a"), paths(), paths());

    watches.rearm(rearmed, stranger);
    watches.rearm(rearmed, ada);

    // Also to readers: that there is no znode, "exists" tells everybody.
    assertThat(stranger.take()).containsExactly("NODE_DELETED /b 7");
    assertThat(watches.count(stranger)).isZero();
    assertThat(ada.take())
        .containsExactlyInAnyOrder(
            "NODE_DATA_CHANGED /a 3",
            "NODE_CHILDREN_CHANGED /a 4",
            "NODE_CREATED /new 6",
            "NODE_DELETED /b 7");
  }

  @Test
  void whatALastingWatchMissedIsJudgedByTheAclThatTheZnodeHadThen() {
    WatchedReplica replica = new WatchedReplica();
    Watches watches = watchesOf(replica);
    asAda(replica, createZnode("/a"));
    long since = replica.store.publishedZxid();
    asAda(
        replica,
        secret("/a/hidden"),
        setData("/a/hidden"),
        new SetAcl(path("/a/hidden"), Acl.OPEN, -1),
        setData("/a/hidden"),
        delete("/a/hidden"));

    watches.rearm(new Rearmed(since, paths(), paths(), paths(), paths(), paths("/a")), stranger);

    assertThat(stranger.take())
        .containsExactly("NODE_DATA_CHANGED /a/hidden 5", "NODE_DELETED /a/hidden 6");
  }

  @Test
  void whereTheHistoryIsForgottenTheGapIsToldToWhoMayNotReadToo() {
    WatchedReplica replica = new WatchedReplica(new HistoryLimits(2, 1L << 40, 1L << 40));
    Watches watches = watchesOf(replica);
    asAda(replica, secret("/a"));
    long since = replica.store.publishedZxid();
    asAda(replica, setData("/a"), setData("/a"), setData("/a"), setData("/a"), setData("/a"));

    long trimmed =
        watches.rearm(
            new Rearmed(since, paths(), paths(), paths(), paths("/a"), paths()), stranger);

    assertThat(trimmed).isPositive();
    assertThat(stranger.take()).isEmpty();
  }

  @Test
  void aFeedWithoutASessionTellsOnlyWhatItsCallerMayRead() {
    try (FeedHarness harness = new FeedHarness()) {
      asAda(harness.replica, createZnode("/a"), secret("/a/hidden"), setData("/a/hidden"));
      RecordingReader ofStranger = new RecordingReader();
      RecordingReader ofAda = new RecordingReader();

      harness.open(since(Identities.NONE), ofStranger);
      harness.open(since(ADA), ofAda);
      asAda(harness.replica, delete("/a/hidden"), createZnode("/a/seen"));
      awaitEvents(ofStranger, 2);
      awaitEvents(ofAda, 5);

      assertThat(texts(ofStranger)).containsExactly("NODE_CREATED /a 1", "NODE_CREATED /a/seen 5");
      assertThat(texts(ofAda)).hasSize(5);
    }
  }

  @Test
  void theStateThatAFeedBeginsWithHoldsOnlyWhatItsCallerMayRead() {
    try (FeedHarness harness = new FeedHarness()) {
      asAda(
          harness.replica,
          createZnode("/a"),
          secret("/a/hidden"),
          createZnode("/a/hidden/seen"),
          secret("/closed"),
          createZnode("/closed/child"));
      RecordingReader recursive = new RecordingReader();
      RecordingReader listed = new RecordingReader();

      harness.open(state("/a", RECURSIVE), recursive);
      harness.open(state("/closed", PERSISTENT), listed);
      awaitTold(recursive, "state 5 2 last");
      awaitTold(listed, "state 5 0 last");

      assertThat(recursive.znodes())
          .extracting(WatchedZnode::path)
          .containsExactly(path("/a"), path("/a/hidden/seen"));
      assertThat(listed.znodes()).isEmpty();
    }
  }

  private static FeedRequest since(Identities caller) {
    return new FeedRequest(caller, path("/a"), RECURSIVE, OptionalLong.of(0), false, false, LONG);
  }

  private static FeedRequest state(String path, WatchMode mode) {
    return new FeedRequest(
        Identities.NONE, path(path), mode, OptionalLong.empty(), true, false, LONG);
  }

  private static ImmutableList<ZnodePath> paths(String... paths) {
    return Stream.of(paths).map(ZnodePath::of).collect(ImmutableList.toImmutableList());
  }
}
