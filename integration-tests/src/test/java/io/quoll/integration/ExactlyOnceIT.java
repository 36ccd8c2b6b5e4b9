package io.quoll.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.ClientFrame;
import io.quoll.api.v1.CreateMode;
import io.quoll.api.v1.CreateRequest;
import io.quoll.api.v1.CreateResponse;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.MultiOperation;
import io.quoll.api.v1.MultiRequest;
import io.quoll.api.v1.MultiResponse;
import io.quoll.api.v1.RequestContext;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SessionRequest;
import io.quoll.api.v1.SessionStarted;
import io.quoll.api.v1.SetDataRequest;
import io.quoll.api.v1.TreeServiceGrpc.TreeServiceBlockingStub;
import io.quoll.client.Created;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollClient;
import io.quoll.client.QuollSession;
import io.quoll.client.Write;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A write that is sent again is applied once and has the reply of the first time. */
class ExactlyOnceIT {
  private static final int TIMEOUT_MILLIS = 120_000;
  private static final int REPLIES_MAX = 1_000;
  private static final int PURGED_ENTRIES = 1_600;
  private static final int WRITES_BETWEEN_LOOKS = 500;
  private static final int IN_FLIGHT = 4;
  private static final String FETCHED = "Fetched the snapshot of";
  private static final AtomicInteger HOMES = new AtomicInteger();

  private static Ensemble ensemble;

  private RawSession stream;
  private SessionStarted session;
  private String home;

  @BeforeAll
  static void start() {
    ensemble =
        Ensemble.start(
            "exactly-once",
            "maxSessionTimeout=" + TIMEOUT_MILLIS,
            "snapCount=200",
            "commitLogCount=10",
            "txnLogSizeLimitInKb=64");
  }

  @AfterAll
  static void stop() {
    ensemble.close();
  }

  @BeforeEach
  void open() {
    home = "/home" + HOMES.incrementAndGet();
    TreeCalls.at(
        ensemble.server(1), tree -> tree.create(CreateRequest.newBuilder().setPath(home).build()));
    stream = RawSession.open(ensemble.server(1), TIMEOUT_MILLIS);
    session = stream.started();
  }

  @AfterEach
  void close() {
    stream.close();
  }

  private RequestContext context(long cxid) {
    return context(cxid, 1);
  }

  private RequestContext context(long cxid, long firstUnacknowledged) {
    return RequestContext.newBuilder()
        .setSessionId(session.getSessionId())
        .setSecret(session.getSecret())
        .setCxid(cxid)
        .setFirstUnacknowledgedCxid(firstUnacknowledged)
        .build();
  }

  private CreateRequest sequential() {
    return CreateRequest.newBuilder()
        .setPath(home + "/s-")
        .setMode(CreateMode.EPHEMERAL_SEQUENTIAL)
        .build();
  }

  private Function<TreeServiceBlockingStub, CreateResponse> create(long cxid) {
    CreateRequest request = sequential().toBuilder().setContext(context(cxid)).build();
    return tree -> tree.create(request).toBuilder().clearHeader().build();
  }

  private Function<TreeServiceBlockingStub, MultiResponse> multi(long cxid) {
    MultiOperation create = MultiOperation.newBuilder().setCreate(sequential()).build();
    MultiOperation set =
        MultiOperation.newBuilder().setSetData(SetDataRequest.newBuilder().setPath(home)).build();
    MultiRequest request =
        MultiRequest.newBuilder()
            .setContext(context(cxid))
            .addAllOperations(List.of(create, set, create))
            .build();
    return tree -> tree.multi(request).toBuilder().clearHeader().build();
  }

  private static int children(String path) {
    try (QuollClient client = Ensemble.strictClientOf(ensemble.server(1))) {
      return client.exists(path).orElseThrow().numChildren();
    }
  }

  /** Sends both kinds of writes, lets {@code harm} happen and sends them to every server again. */
  private void assertOnceWhen(Runnable harm) {
    CreateResponse created = TreeCalls.at(ensemble.server(1), create(1));
    MultiResponse done = TreeCalls.at(ensemble.server(1), multi(2));
    assertThat(created.getPath()).isEqualTo(home + "/s-0000000000");
    assertThat(done.getCommitted()).isTrue();

    harm.run();

    for (ServerProcess server : ensemble.servers()) {
      assertThat(TreeCalls.at(server, create(1))).isEqualTo(created);
      assertThat(TreeCalls.at(server, multi(2))).isEqualTo(done);
    }
    assertThat(children(home)).isEqualTo(3);
    assertThat(TreeCalls.at(ensemble.server(2), create(3)).getPath())
        .isEqualTo(home + "/s-0000000003");
  }

  @Test
  void aWriteThatIsSentAgainToWhicheverServerHasItsFirstReply() {
    assertOnceWhen(() -> {});
  }

  @Test
  void aWriteThatIsSentAgainAfterAChangeOfTheLeaderHasItsFirstReply() {
    assertOnceWhen(
        () -> {
          ServerProcess leader = ensemble.leader();
          leader.kill();
          ensemble.leader();
          leader.start();
        });
  }

  @Test
  void aWriteThatIsSentAgainAfterARestartOfAllHasItsFirstReply() {
    assertOnceWhen(
        () -> {
          ensemble.servers().forEach(ServerProcess::kill);
          ensemble.startAll();
        });
  }

  @Test
  void aWriteThatIsSentAgainToAServerThatTookOverASnapshotHasItsFirstReply() {
    ServerProcess behind = ensemble.followers().get(0);
    behind.kill();
    stream.close();

    assertOnceAt(behind);
  }

  private void assertOnceAt(ServerProcess behind) {
    ServerProcess leader = ensemble.leader();
    CreateResponse created = TreeCalls.at(leader, create(1));
    MultiResponse done = TreeCalls.at(leader, multi(2));
    purgeTheLog(leader);

    behind.start();
    ensemble.awaitSameDigest();

    assertThat(behind.output()).contains(FETCHED);
    ensemble.allBut(behind).forEach(ServerProcess::kill);
    ensemble.startAll();
    assertThat(TreeCalls.at(behind, create(1))).isEqualTo(created);
    assertThat(TreeCalls.at(behind, multi(2))).isEqualTo(done);
    assertThat(TreeCalls.at(behind, create(3)).getPath()).isEqualTo(home + "/s-0000000003");
  }

  private void purgeTheLog(ServerProcess server) {
    long end = appliedIndex(server) + PURGED_ENTRIES;
    ByteString data = ByteString.copyFrom(new byte[500]);
    try (QuollClient client = Ensemble.clientOf(server)) {
      while (appliedIndex(server) < end) {
        for (int i = 0; i < WRITES_BETWEEN_LOOKS; i += IN_FLIGHT) {
          IntStream.range(0, IN_FLIGHT)
              .mapToObj(each -> client.async().setData(home, data, Write.ANY_VERSION))
              .toList()
              .forEach(CompletableFuture::join);
        }
      }
    }
  }

  private static long appliedIndex(ServerProcess server) {
    return server.standing().orElseThrow().getAppliedIndex();
  }

  @Test
  void aRejectionIsRecordedToo() {
    CreateRequest.Builder taken = CreateRequest.newBuilder().setPath(home).setContext(context(1));
    Function<TreeServiceBlockingStub, CreateResponse> create = tree -> tree.create(taken.build());
    assertThat(TreeCalls.refusal(ensemble.server(1), create)).isEqualTo("NODE_EXISTS");

    try (QuollClient client = Ensemble.strictClientOf(ensemble.server(1))) {
      client.delete(home, Write.ANY_VERSION);

      assertThat(TreeCalls.refusal(ensemble.server(2), create)).isEqualTo("NODE_EXISTS");
      assertThat(client.exists(home)).isEmpty();
    }
  }

  @Test
  void aWriteWrongAtTheDoorTakesItsNumber() {
    CreateRequest.Builder bad = CreateRequest.newBuilder().setPath("bad").setContext(context(1));
    assertThat(TreeCalls.refusal(ensemble.server(1), tree -> tree.create(bad.build())))
        .isEqualTo("BAD_ARGUMENTS");

    assertThat(TreeCalls.at(ensemble.server(2), create(2)).getPath())
        .isEqualTo(home + "/s-0000000000");
    assertThat(TreeCalls.refusal(ensemble.server(3), create(1))).isEqualTo("BAD_ARGUMENTS");
  }

  @Test
  void aWriteThatLeavesOutANumberIsAGapAndChangesNothing() {
    assertThat(TreeCalls.refusal(ensemble.server(1), create(2))).isEqualTo("CXID_GAP");
    assertThat(TreeCalls.refusal(ensemble.server(2), multi(3))).isEqualTo("CXID_GAP");

    assertThat(children(home)).isZero();
    assertThat(TreeCalls.refusal(ensemble.server(3), create(1))).isEqualTo("OK");
    assertThat(TreeCalls.refusal(ensemble.server(1), create(2))).isEqualTo("OK");
  }

  @Test
  void aGapOnAStreamIsARefusalAndTheStreamGoesOn() {
    SessionReply gap = stream.call(write(2));
    SessionReply first = stream.call(write(1));
    SessionReply second = stream.call(write(2));

    assertThat(gap.getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_CXID_GAP);
    assertThat(first.getCreate().getPath()).isEqualTo(home + "/s-0000000000");
    assertThat(second.getCreate().getPath()).isEqualTo(home + "/s-0000000001");
  }

  private SessionRequest.Builder write(long cxid) {
    return SessionRequest.newBuilder().setXid(cxid).setCxid(cxid).setCreate(sequential());
  }

  @Test
  void aRepeatWithOtherContentHasTheFirstReply() {
    CreateResponse created = TreeCalls.at(ensemble.server(1), create(1));
    CreateRequest other =
        CreateRequest.newBuilder().setPath(home + "/other").setContext(context(1)).build();

    CreateResponse repeated = TreeCalls.at(ensemble.server(2), tree -> tree.create(other));

    assertThat(repeated.getPath()).isEqualTo(created.getPath());
    assertThat(repeated.getStat()).isEqualTo(created.getStat());
    assertThat(children(home)).isEqualTo(1);
  }

  @Test
  void aWriteOfAStreamThatIsSentAgainOnTheNextHasItsFirstReply() {
    SessionReply first = stream.call(write(1));

    try (RawSession next = RawSession.attach(ensemble.server(2), session)) {
      assertThat(next.started().getLastCxid()).isEqualTo(1);
      SessionReply again = next.call(write(1));
      assertThat(again).isEqualTo(first);
      assertThat(next.call(write(2)).getCreate().getPath()).isEqualTo(home + "/s-0000000001");
    }
    assertThat(TreeCalls.at(ensemble.server(3), create(1)).getPath())
        .isEqualTo(first.getCreate().getPath());
  }

  @Test
  void aThousandUnacknowledgedRepliesAreKeptAndMoreAreRefusedUntilSomeAreAcknowledged() {
    for (int cxid = 1; cxid <= REPLIES_MAX + 1; cxid++) {
      stream.send(write(cxid).build());
    }
    for (int cxid = 1; cxid <= REPLIES_MAX; cxid++) {
      assertThat(stream.reply().hasCreate()).as("cxid %d", cxid).isTrue();
    }
    assertThat(stream.reply().getError().getCode()).isEqualTo(ErrorCode.ERROR_CODE_REPLIES_FULL);

    stream.send(ClientFrame.newBuilder().setFirstUnacknowledgedCxid(REPLIES_MAX).build());
    SessionReply goesOn = stream.call(write(REPLIES_MAX + 1));

    assertThat(goesOn.getCreate().getPath()).isEqualTo(home + "/s-0000001000");
    assertThat(TreeCalls.refusal(ensemble.server(2), create(1))).isEqualTo("REPLY_TRIMMED");
    assertThat(TreeCalls.at(ensemble.server(2), create(REPLIES_MAX)).getPath())
        .isEqualTo(home + "/s-0000000999");
  }

  @Test
  void twoOfOneNumberAtOnceAreAppliedOnce() {
    ImmutableList<CompletableFuture<CreateResponse>> racing =
        ensemble.servers().stream()
            .map(server -> CompletableFuture.supplyAsync(() -> TreeCalls.at(server, create(1))))
            .collect(ImmutableList.toImmutableList());

    assertThat(racing.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    assertThat(children(home)).isEqualTo(1);
  }

  @Test
  void theJavaClientLearnsAReplyThatWasLostAtTheNextServer() {
    try (Clients clients = new Clients(Duration.ofSeconds(20));
        Relay near = Relay.to(ensemble.server(1));
        Relay far = Relay.to(ensemble.server(2))) {
      QuollSession client = clients.open(near, far);
      client.create(home + "/before", null, io.quoll.client.CreateMode.PERSISTENT);

      near.loseAnswers();
      CompletableFuture<String> created = createSequential(client);
      awaitChildren(2);
      near.cut();

      assertThat(created.join()).isEqualTo(home + "/s-0000000001");
      assertThat(children(home)).isEqualTo(2);
    }
  }

  @Test
  void aFrameThatIsCutInItsMiddleIsAppliedOnceWhenItIsSentAgain() {
    ByteString large = ByteString.copyFrom(new byte[600_000]);
    try (Clients clients = new Clients(Duration.ofSeconds(20));
        Relay near = Relay.to(ensemble.server(1));
        Relay far = Relay.to(ensemble.server(2))) {
      QuollSession client = clients.open(near, far);
      client.create(home + "/large", null, io.quoll.client.CreateMode.PERSISTENT);
      Relay used = client.async().server().toString().equals(near.address()) ? near : far;

      used.cutAfter(200_000);
      int version = client.setData(home + "/large", large, Write.ANY_VERSION).version();

      assertThat(version).isEqualTo(1);
      assertThat(client.data(home + "/large").data()).isEqualTo(large);
      assertThat(client.async().server().toString()).isNotEqualTo(used.address());
    }
  }

  @Test
  void theJavaClientLearnsThousandsOfRepliesThatWereLostOverAndOver() {
    int writes = 3 * REPLIES_MAX;
    try (Clients clients = new Clients(Duration.ofSeconds(20));
        Relay one = Relay.to(ensemble.server(1));
        Relay two = Relay.to(ensemble.server(2))) {
      QuollSession client = clients.open(one, two);
      List<CompletableFuture<String>> created =
          IntStream.range(0, writes).mapToObj(each -> createSequential(client)).toList();

      for (int seen = 500; seen < writes; seen += 500) {
        Relay used = client.async().server().toString().equals(one.address()) ? one : two;
        used.loseAnswers();
        used.cut();
        used.mend();
        created.get(seen).join();
      }

      assertThat(created.stream().map(CompletableFuture::join))
          .containsExactlyElementsOf(
              IntStream.range(0, writes).mapToObj((home + "/s-%010d")::formatted).toList());
      assertThat(client.children(home, PageRequest.first()).children()).isNotEmpty();
      assertThat(children(home)).isEqualTo(writes);
    }
  }

  @Test
  void theJavaClientLearnsItsRepliesOverARestartOfAll() {
    int writes = 2 * REPLIES_MAX;
    try (Clients clients = new Clients(Duration.ofSeconds(20))) {
      QuollSession client = clients.open(ensemble.servers());
      List<CompletableFuture<String>> created =
          IntStream.range(0, writes).mapToObj(each -> createSequential(client)).toList();
      created.get(REPLIES_MAX / 2).join();

      ensemble.servers().forEach(ServerProcess::kill);
      ensemble.startAll();

      assertThat(created.stream().map(CompletableFuture::join))
          .containsExactlyElementsOf(
              IntStream.range(0, writes).mapToObj((home + "/s-%010d")::formatted).toList());
    }
  }

  private CompletableFuture<String> createSequential(QuollSession client) {
    return client
        .async()
        .create(home + "/s-", null, io.quoll.client.CreateMode.PERSISTENT_SEQUENTIAL)
        .thenApply(Created::path);
  }

  private void awaitChildren(int count) {
    await("the writes are applied")
        .atMost(Duration.ofSeconds(20))
        .until(() -> children(home) == count);
  }
}
