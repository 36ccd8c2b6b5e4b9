package io.quoll.client.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.CreateMode;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollRuntime;
import io.quoll.client.QuollSession;
import io.quoll.client.SessionOptions;
import io.quoll.client.SessionState;
import io.quoll.client.Write;
import io.quoll.client.ZnodeData;
import io.quoll.client.fake.FakeServer;
import io.quoll.client.fake.FakeTree;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ZnodeCacheTest {
  private final FakeTree tree = new FakeTree();
  private final FakeServer server = FakeServer.start(tree, 2);
  private final FakeServer writersServer = FakeServer.start(tree);
  private final QuollRuntime runtime = QuollRuntime.start();
  private final AsyncQuollSession session =
      AsyncQuollSession.open(SessionOptions.of(server.address()), runtime);
  private final QuollSession writer =
      QuollSession.open(SessionOptions.of(writersServer.address()), runtime);
  private final List<String> told = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() {
    writer.close();
    runtime.close();
    server.close();
    writersServer.close();
  }

  private ZnodeCache started() {
    ZnodeCache cache =
        ZnodeCache.start(
            session,
            "/app",
            (zxid, changes) ->
                changes.forEach(
                    change ->
                        told.add(
                            (change.before() == null ? "+" : change.after() == null ? "-" : "=")
                                + change.path())));
    cache.ready().orTimeout(10, TimeUnit.SECONDS).join();
    return cache;
  }

  private void create(String path) {
    writer.create(path, ByteString.copyFromUtf8(path), CreateMode.PERSISTENT);
  }

  private void awaitCurrent(ZnodeCache cache) {
    Awaitility.await()
        .untilAsserted(() -> assertThat(cache.view().znodes()).isEqualTo(read("/app")));
  }

  private Map<String, ZnodeData> read(String path) {
    Map<String, ZnodeData> all = new TreeMap<>();
    if (writer.exists(path).isEmpty()) {
      return all;
    }
    all.put(path, writer.data(path));
    writer
        .allChildren(path, PageRequest.first())
        .children()
        .forEach(child -> all.putAll(read(path + "/" + child.name())));
    return all;
  }

  @Test
  void showsTheSubtreeOnceReady() {
    create("/app");
    create("/app/a");
    create("/app/b");
    create("/app/c");
    create("/app/c/d");
    create("/apple");

    ZnodeCache cache = started();

    assertThat(cache.view().znodes()).isEqualTo(read("/app"));
    assertThat(cache.children("/app")).containsExactly("a", "b", "c");
    assertThat(cache.get("/app/c/d").get().data()).isEqualTo(ByteString.copyFromUtf8("/app/c/d"));
    assertThat(cache.get("/apple")).isEmpty();
    assertThat(cache.zxid()).isGreaterThanOrEqualTo(6);
  }

  @Test
  void isReadyWithoutAnythingIfThereIsNoSuchZnode() {
    ZnodeCache cache = started();

    assertThat(cache.view().znodes()).isEmpty();
    create("/app");
    awaitCurrent(cache);
    assertThat(told).containsExactly("+/app");
  }

  @Test
  void tellsEachDifference() {
    create("/app");
    create("/app/a");
    ZnodeCache cache = started();
    told.clear();

    writer.setData("/app/a", null, Write.ANY_VERSION);
    awaitCurrent(cache);
    writer.delete("/app/a", Write.ANY_VERSION);
    awaitCurrent(cache);

    Awaitility.await()
        .untilAsserted(() -> assertThat(told).containsExactly("=/app/a", "=/app", "-/app/a"));
  }

  @Test
  void tellsTheDifferencesAfterAGap() {
    create("/app");
    create("/app/gone");
    create("/app/kept");
    ZnodeCache cache = started();
    told.clear();
    server.refuse("NOT_SERVING");
    server.cutStreams();
    Awaitility.await().until(() -> session.state() == SessionState.DISCONNECTED);

    writer.delete("/app/gone", Write.ANY_VERSION);
    create("/app/new");
    tree.trimHistory();
    server.refuse("");

    awaitCurrent(cache);
    Awaitility.await()
        .untilAsserted(() -> assertThat(told).containsExactly("=/app", "-/app/gone", "+/app/new"));
  }

  @Test
  void alwaysShowsTheSubtreeOfOneZxid() {
    long seed = 7;
    Random random = new Random(seed);
    create("/app");
    writeBoth(new Write.Create("/app/a", null, CreateMode.PERSISTENT), "/app/b", null);
    List<String> mixtures = new CopyOnWriteArrayList<>();
    ZnodeCache cache = started();
    for (int i = 0; i < 300; i++) {
      ByteString data = ByteString.copyFromUtf8("" + i);
      writeBoth(new Write.SetData("/app/a", data, Write.ANY_VERSION), "/app/b", data);
      if (random.nextInt(50) == 0) {
        server.cutStreams();
      }
      CacheView view = cache.view();
      if (!data(view, "/app/a").equals(data(view, "/app/b"))) {
        mixtures.add("seed %d, step %d: %s".formatted(seed, i, view));
      }
    }

    awaitCurrent(cache);
    assertThat(mixtures).isEmpty();
  }

  private void writeBoth(Write first, String second, @Nullable ByteString data) {
    Write other =
        data == null
            ? new Write.Create(second, null, CreateMode.PERSISTENT)
            : new Write.SetData(second, data, Write.ANY_VERSION);
    assertThat(writer.multi(List.of(first, other)).committed()).isTrue();
  }

  private static Optional<ByteString> data(CacheView view, String path) {
    return Optional.ofNullable(view.znodes().get(path)).map(ZnodeData::data);
  }

  @Test
  void closedCacheKeepsWhatItHad() {
    create("/app");
    ZnodeCache cache = started();

    cache.close();
    Awaitility.await().until(() -> server.watchCount() == 0);
    create("/app/a");

    assertThat(cache.get("/app")).isPresent();
    assertThat(cache.get("/app/a")).isEmpty();
  }

  @Test
  void closeBeforeTheFirstStateIsTold() {
    session.opened().join();
    server.mute();
    ZnodeCache cache = ZnodeCache.start(session, "/app", (zxid, changes) -> {});

    cache.close();

    assertThat(cache.ready())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class);
  }

  @Test
  void endOfTheSessionBeforeTheFirstStateIsTold() {
    AsyncQuollSession over = AsyncQuollSession.open(SessionOptions.of(server.address()), runtime);
    over.close().join();

    ZnodeCache cache = ZnodeCache.start(over, "/app", (zxid, changes) -> {});

    assertThat(cache.ready())
        .failsWithin(10, TimeUnit.SECONDS)
        .withThrowableOfType(ExecutionException.class);
  }
}
