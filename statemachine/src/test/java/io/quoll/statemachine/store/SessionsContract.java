package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.statemachine.store.Entries.SECRET;
import static io.quoll.statemachine.store.Entries.newZnode;
import static io.quoll.statemachine.store.Entries.path;
import static io.quoll.statemachine.store.Entries.set;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ReplyCodec;
import io.quoll.statemachine.command.AttachSession;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.CloseSession;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.Delete;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Proposal;
import io.quoll.statemachine.command.RecordedReply;
import io.quoll.statemachine.command.Result;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every {@link StateStore} keeps of sessions. */
@Timeout(60)
abstract class SessionsContract {
  private final Entries entries = new Entries();

  private final StoreKind kind;

  @TempDir Path directory;
  private StateStore store;

  SessionsContract(StoreKind kind) {
    this.kind = kind;
  }

  @BeforeEach
  void openStore() {
    store = kind.open(directory.resolve("store"), HistoryLimits.DEFAULT);
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aNewStoreHasNoSession() {
    try (StateStore.View view = store.view()) {
      assertThat(view.sessions()).isEmpty();
      assertThat(view.session(1)).isEmpty();
      assertThat(view.ephemerals(1)).isEmpty();
      assertThat(view.reply(1, 1)).isEmpty();
    }
  }

  @Test
  void sessionsComeInTheOrderOfTheirIds() {
    long first = entries.open(store);
    long second = entries.open(store);
    entries.apply(store, new AttachSession(first, SECRET, 7));

    try (StateStore.View view = store.view()) {
      assertThat(view.sessions())
          .containsExactly(
              new Session(first, SECRET, 7, 2, 0, 1), new Session(second, SECRET, 30_000, 1, 0, 1));
      assertThat(view.session(first)).contains(view.sessions().get(0));
    }
  }

  @Test
  void aViewKeepsTheSessionsOfItsZxid() {
    long id = entries.open(store);
    write(id, 1, 1, "/e");
    try (StateStore.View view = store.view()) {
      entries.apply(store, new CloseSession(id, 1));

      assertThat(view.session(id)).isPresent();
      assertThat(view.reply(id, 1)).isPresent();
      assertThat(view.ephemerals(id)).containsExactly(path("/e"));
    }
    assertNothingLeftOf(id);
  }

  @Test
  void acknowledgedRepliesAreGone() {
    long id = entries.open(store);
    write(id, 1, 1, "/a");
    write(id, 2, 1, "/b");

    write(id, 3, 3, "/c");

    try (StateStore.View view = store.view()) {
      assertThat(view.reply(id, 1)).isEmpty();
      assertThat(view.reply(id, 2)).isEmpty();
      assertThat(view.reply(id, 3)).isPresent();
      assertThat(view.session(id).orElseThrow().firstKeptCxid()).isEqualTo(3);
    }
  }

  @Test
  void theRepliesOfOneEntryAreFoundEachAndGoOnceEachIsAcknowledged() {
    long id = entries.open(store);
    applyNumbered(id, 1, 1, 4);
    for (long cxid = 1; cxid <= 4; cxid++) {
      assertThat(store.committed().reply(id, cxid)).is(toWrite(cxid));
    }

    applyNumbered(id, 5, 3, 1);

    assertThat(store.committed().reply(id, 2)).isEmpty();
    for (long cxid = 3; cxid <= 5; cxid++) {
      assertThat(store.committed().reply(id, cxid)).is(toWrite(cxid));
    }
    assertThat(store.committed().reply(id, 6)).isEmpty();
  }

  @Test
  void ephemeralsComeInTheOrderOfTheirPathsAndAreApartBySession() {
    long first = entries.open(store);
    long second = entries.open(store);
    entries.apply(store, newZnode("/p"));
    write(first, 1, 1, "/p/b");
    write(second, 1, 1, "/p/a");
    write(first, 2, 1, "/z");
    write(first, 3, 1, "/p/a!");

    assertThat(store.committed().ephemerals(first))
        .containsExactly(path("/z"), path("/p/a!"), path("/p/b"));
    assertThat(store.committed().ephemerals(second)).containsExactly(path("/p/a"));
  }

  @Test
  void aPathThatChangesItsOwnerInOneEntryIsTheLastOwners() {
    long first = entries.open(store);
    long second = entries.open(store);
    write(first, 1, 1, "/e");

    entries.applyAs(store, caller(second, 0, 0), new Delete(path("/e"), -1), ephemeral("/e"));

    assertThat(store.committed().ephemerals(first)).isEmpty();
    assertThat(store.committed().ephemerals(second)).containsExactly(path("/e"));
  }

  @Test
  void anEphemeralThatIsMadeAgainPersistentIsNobodys() {
    long id = entries.open(store);
    write(id, 1, 1, "/e");

    entries.apply(store, new Delete(path("/e"), -1), newZnode("/e"));

    assertThat(store.committed().ephemerals(id)).isEmpty();
  }

  @Test
  void perishableZnodesComeInTheOrderOfTheirPathsAndInPages() {
    entries.apply(store, newZnode("/p"), container("/p/c"), withTtl("/z"), container("/a"));
    entries.apply(store, container("/gone"), set("/a", "still one"), newZnode("/a/x"));
    entries.apply(store, new Delete(path("/gone"), -1), withTtl("/p/c/t"));

    try (StateStore.View view = store.view()) {
      assertThat(view.perishables(ZnodePath.ROOT, 9))
          .containsExactly(path("/a"), path("/z"), path("/p/c"), path("/p/c/t"));
      assertThat(view.perishables(path("/a"), 2)).containsExactly(path("/z"), path("/p/c"));
      assertThat(view.perishables(path("/p/c/t"), 2)).isEmpty();
    }
  }

  @Test
  void aSessionThatIsOpenedAndClosedInOneEntryLeavesNothing() {
    entries.apply(store, new OpenSession(SECRET, 1), new CloseSession(1, 1));

    assertThat(store.publishedZxid()).isEqualTo(2);
    assertNothingLeftOf(1);
  }

  @Test
  void aCheckpointHoldsSessionsRepliesAndWhatTheyOwn() {
    long id = entries.open(store);
    write(id, 1, 1, "/a");
    write(id, 2, 1, "/b");
    Path checkpoint = directory.resolve("checkpoint");
    store.checkpoint(checkpoint);

    try (StateStore other = kind.open(directory.resolve("other"), HistoryLimits.DEFAULT)) {
      other.install(checkpoint);

      assertThat(other.committed().sessions()).isEqualTo(store.committed().sessions()).hasSize(1);
      assertThat(other.committed().reply(id, 2))
          .isEqualTo(store.committed().reply(id, 2))
          .isPresent();
      assertThat(other.committed().ephemerals(id)).containsExactly(path("/a"), path("/b"));
    }
  }

  private void assertNothingLeftOf(long id) {
    try (StateStore.View view = store.view()) {
      assertThat(view.session(id)).isEmpty();
      assertThat(view.sessions()).isEmpty();
      assertThat(view.reply(id, 1)).isEmpty();
      assertThat(view.ephemerals(id)).isEmpty();
    }
    assertThat(store.digest()).isEqualTo(Digests.ofAll(store));
  }

  private void write(long session, long cxid, long firstUnacknowledged, String ephemeral) {
    entries.applyAs(store, caller(session, cxid, firstUnacknowledged), ephemeral(ephemeral));
  }

  /** Applies {@code count} sets of {@code /}'s data in one entry, numbered from {@code cxid} on. */
  private void applyNumbered(long session, long cxid, long firstUnacknowledged, int count) {
    ImmutableList<Proposal> proposals =
        LongStream.range(cxid, cxid + count)
            .mapToObj(
                each -> new Proposal(caller(session, each, firstUnacknowledged), set("/", "x")))
            .collect(toImmutableList());
    Entries.apply(store, entries.ofProposals(1000, proposals));
    store.publish();
  }

  // The set with the number n leaves the root in its version n.
  private static Condition<Optional<ByteString>> toWrite(long cxid) {
    return new Condition<>(
        reply ->
            reply.map(ReplyCodec::decode).map(RecordedReply::result).orElse(new Result.Done())
                    instanceof Result.DataSet set
                && set.stat().version() == cxid,
        "the reply to write %s",
        cxid);
  }

  private static Caller caller(long session, long cxid, long firstUnacknowledged) {
    return Caller.session(session, 1, cxid, firstUnacknowledged, Identities.NONE);
  }

  private static Create container(String path) {
    return Create.at(path, CreateMode.CONTAINER, 0, null, Acl.OPEN);
  }

  private static Create withTtl(String path) {
    return Create.at(path, CreateMode.PERSISTENT_WITH_TTL, 1, null, Acl.OPEN);
  }

  private static Create ephemeral(String path) {
    return Create.at(path, CreateMode.EPHEMERAL, 0, null, Acl.OPEN);
  }
}
