package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Sets;
import com.google.protobuf.ByteString;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class QuollClientTest {
  private static final ByteString DATA = ByteString.copyFromUtf8("data");

  private final FakeTree tree = new FakeTree(100);
  private final FakeServer server = FakeServer.start(tree, 3);
  private final QuollClient client = QuollClient.open(ClientOptions.of(server.address()));

  @AfterEach
  void close() {
    client.close();
    server.close();
  }

  @Test
  void whatWasWrittenIsRead() {
    Created created = client.create("/a", DATA, CreateMode.PERSISTENT);

    assertThat(created.path()).isEqualTo("/a");
    assertThat(client.data("/a")).isEqualTo(new ZnodeData(DATA, created.stat()));
    assertThat(client.exists("/a")).contains(created.stat());
    assertThat(client.exists("/b")).isEmpty();
  }

  @Test
  void theThreadOfAClientEndsWithIt() {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    QuollClient another = QuollClient.open(ClientOptions.of(server.address()));
    another.exists("/");
    Set<Thread> ofIt =
        Sets.filter(
            Sets.difference(Thread.getAllStackTraces().keySet(), before).immutableCopy(),
            thread -> thread.getName().startsWith("quoll-client-io"));
    assertThat(ofIt).hasSize(1);

    another.close();

    await().until(() -> ofIt.stream().noneMatch(Thread::isAlive));
  }

  @Test
  void nullDataIsNotEmptyData() {
    client.create("/null", null, CreateMode.PERSISTENT);
    client.create("/empty", ByteString.EMPTY, CreateMode.PERSISTENT);
    client.create("/reset", DATA, CreateMode.PERSISTENT);
    client.setData("/reset", null, Write.ANY_VERSION);

    assertThat(client.data("/null").data()).isNull();
    assertThat(client.data("/empty").data()).isEqualTo(ByteString.EMPTY);
    assertThat(client.data("/reset").data()).isNull();
  }

  @Test
  void sequentialZnodesTellTheirNumber() {
    client.create("/q", null, CreateMode.PERSISTENT);

    Created first = client.create("/q/", null, CreateMode.PERSISTENT_SEQUENTIAL);
    Created second = client.create("/q/n-", null, CreateMode.PERSISTENT_SEQUENTIAL);

    assertThat(first.path()).isEqualTo("/q/0000000000");
    assertThat(second.path()).isEqualTo("/q/n-0000000001");
  }

  @Test
  void setDataAndDeleteCheckTheVersion() {
    client.create("/a", DATA, CreateMode.PERSISTENT);

    assertThat(client.setData("/a", DATA, 0).version()).isEqualTo(1);
    assertThat(failure(() -> client.setData("/a", DATA, 0)).code())
        .isEqualTo(ErrorCode.BAD_VERSION);
    assertThat(failure(() -> client.delete("/a", 0)).code()).isEqualTo(ErrorCode.BAD_VERSION);
    client.delete("/a", 1);
    assertThat(client.exists("/a")).isEmpty();
  }

  @Test
  void errorsTellCodePathAndThatNothingWasApplied() {
    QuollException failure = failure(() -> client.delete("/missing", Write.ANY_VERSION));

    assertThat(failure.code()).isEqualTo(ErrorCode.NO_NODE);
    assertThat(failure.path()).contains("/missing");
    assertThat(failure.applied()).isEqualTo(Applied.NO);
    assertThat(failure).hasMessageContaining("/missing");
  }

  @Test
  void multiDoesAllOrNothingAndTellsEachResult() {
    ImmutableList<Write> good =
        ImmutableList.of(
            new Write.Create("/a", DATA, CreateMode.PERSISTENT),
            new Write.Check("/a", 0),
            new Write.SetData("/a", null, 0),
            new Write.Create("/b", null, CreateMode.PERSISTENT),
            new Write.Delete("/b", Write.ANY_VERSION));
    ImmutableList<Write> bad =
        ImmutableList.of(
            new Write.Create("/c", DATA, CreateMode.PERSISTENT),
            new Write.Delete("/missing", Write.ANY_VERSION),
            new Write.Create("/d", DATA, CreateMode.PERSISTENT));

    MultiOutcome done = client.multi(good);
    MultiOutcome refused = client.multi(bad);

    assertThat(done.committed()).isTrue();
    assertThat(done.results())
        .extracting(WriteResult::path)
        .containsExactly("/a", "", "", "/b", "");
    assertThat(refused.committed()).isFalse();
    assertThat(refused.results())
        .extracting(WriteResult::code)
        .containsExactly(ErrorCode.OK, ErrorCode.NO_NODE, ErrorCode.RUNTIME_INCONSISTENCY);
    assertThat(client.allChildren("/", PageRequest.first()).children())
        .extracting(Child::name)
        .containsExactly("a");
  }

  @Test
  void childrenComeInPagesAndAllChildrenJoinsThem() {
    for (String name : List.of("e", "b", "a", "d", "c", "f", "g")) {
      client.create("/" + name, DATA, CreateMode.PERSISTENT);
    }

    ChildrenPage first = client.children("/", PageRequest.first().withLimit(2).withStats());
    ChildrenPage all = client.allChildren("/", PageRequest.first().withDatas());

    assertThat(first.children()).extracting(Child::name).containsExactly("a", "b");
    assertThat(first.isLast()).isFalse();
    assertThat(first.children().get(0).stat()).isNotNull();
    assertThat(all.children())
        .extracting(Child::name)
        .containsExactly("a", "b", "c", "d", "e", "f", "g");
    assertThat(all.children()).extracting(Child::data).containsOnly(DATA);
    assertThat(all.stat().numChildren()).isEqualTo(7);
    assertThat(all.isLast()).isTrue();
  }

  @Test
  void multiReadAnswersEachRead() {
    client.create("/a", DATA, CreateMode.PERSISTENT);

    ImmutableList<ReadResult> results =
        client.multiRead(
            ImmutableList.of(
                new Read.GetData("/a"),
                new Read.Exists("/none"),
                new Read.Children("/", PageRequest.first()),
                new Read.GetData("/none")));

    assertThat(results.get(0)).isEqualTo(new ReadResult.Data(client.data("/a")));
    assertThat(results.get(1)).isEqualTo(new ReadResult.Existence(null));
    assertThat(results.get(2)).isInstanceOf(ReadResult.Children.class);
    assertThat(results.get(3))
        .isEqualTo(new ReadResult.Failed(ErrorCode.NO_NODE, "NO_NODE at /none"));
  }

  @Test
  void countDescendantsAddsUpItsPagesAndDeleteRecursiveTakesThemAll() {
    client.create("/a", null, CreateMode.PERSISTENT);
    for (int i = 0; i < 6; i++) {
      client.create("/a/" + i, null, CreateMode.PERSISTENT);
    }

    assertThat(client.countDescendants("/a")).isEqualTo(6);
    assertThat(client.deleteRecursive("/a")).isEqualTo(7);
    assertThat(client.countDescendants("/")).isZero();
  }

  @Test
  void statusTellsEachMemberAndThatOneDoesNotAnswer() {
    client.sync("/anywhere");

    ImmutableList<MemberStatus> members = client.status();

    assertThat(members).extracting(MemberStatus::reachable).containsExactly(true, true, false);
    assertThat(members)
        .extracting(MemberStatus::role)
        .containsExactly(Role.FOLLOWER, Role.LEADER, Role.UNKNOWN);
  }

  @Test
  void callsAreInFlightTogether() {
    List<CompletableFuture<Created>> creates = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      creates.add(client.async().create("/" + i, DATA, CreateMode.PERSISTENT));
    }
    creates.forEach(CompletableFuture::join);

    assertThat(tree.size()).isEqualTo(2001);
  }

  @Test
  void writeThatIsLargerThanTheServerTakesIsRefusedAndNotApplied() {
    ByteString large = ByteString.copyFrom(new byte[5 * 1024 * 1024]);

    QuollException failure = failure(() -> client.create("/a", large, CreateMode.PERSISTENT));

    assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_EXCEEDED);
    assertThat(failure.applied()).isEqualTo(Applied.NO);
  }

  @Test
  void closedClientRefusesCalls() {
    client.close();

    QuollException failure = failure(() -> client.data("/"));

    assertThat(failure.code()).isEqualTo(ErrorCode.CLOSED);
  }

  @Test
  void everyErrorOfTheContractHasItsCodeHere() {
    for (io.quoll.api.v1.ErrorCode code : io.quoll.api.v1.ErrorCode.values()) {
      if (code != io.quoll.api.v1.ErrorCode.UNRECOGNIZED) {
        assertThat(Answers.code(code)).isNotEqualTo(ErrorCode.UNKNOWN);
      }
    }
  }

  private static QuollException failure(ThrowingCallable call) {
    return catchThrowableOfType(QuollException.class, call);
  }
}
