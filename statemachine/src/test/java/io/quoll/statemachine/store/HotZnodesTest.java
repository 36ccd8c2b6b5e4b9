package io.quoll.statemachine.store;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotZnodesTest {
  private static final ZnodePath PATH = ZnodePath.of("/a");
  private static final ByteString DATA = ByteString.copyFromUtf8("data");
  private static final int COMMITS = 5_000;
  private static final int READERS = 3;

  private final HotZnodes hot = new HotZnodes(1 << 20);

  private static Znode znode(long zxid) {
    return Znode.createdAt(zxid, 0, DATA, Acl.OPEN);
  }

  private static Row written(Znode znode, @Nullable ByteString data) {
    return new Row(PATH, null, znode, true, data);
  }

  @Test
  void whatACommitLeftIsFoundByViewsOfItAndNotByEarlierOnes() {
    hot.committed(List.of(written(znode(5), DATA)), 5);

    assertThat(hot.find(PATH, 4)).isNull();
    assertThat(hot.find(PATH, 5)).isEqualTo(new HotZnodes.Hot(znode(5), DATA, true, 5));
    assertThat(hot.find(PATH, 6)).isNotNull();
  }

  @Test
  void whatWasReadBeforeAChangeIsNotKeptAfterIt() {
    hot.committed(List.of(new Row(PATH, znode(1), null, false, null)), 5);

    hot.read(PATH, znode(1), 4);

    assertThat(hot.find(PATH, 5)).isNull();
    hot.read(PATH, znode(6), 6);
    assertThat(hot.find(PATH, 6)).isNotNull();
  }

  @Test
  void dataReadBeforeAChangeIsNotKeptAfterIt() {
    hot.read(PATH, znode(1), 4);
    hot.committed(List.of(new Row(PATH, znode(1), znode(1), false, null)), 5);

    hot.readData(PATH, DATA, 4);

    assertThat(hot.find(PATH, 5)).isEqualTo(new HotZnodes.Hot(znode(1), null, false, 5));
  }

  @Test
  void aChangeThatLeavesTheDataLeavesItHere() {
    hot.committed(List.of(written(znode(1), DATA)), 1);

    hot.committed(List.of(new Row(PATH, znode(1), znode(2), false, null)), 2);

    assertThat(hot.find(PATH, 2)).isEqualTo(new HotZnodes.Hot(znode(2), DATA, true, 2));
  }

  @Test
  void longDataIsNotKept() {
    ByteString longData = ByteString.copyFrom(new byte[HotZnodes.DATA_BYTES_MAX + 1]);

    hot.committed(List.of(written(znode(1), longData)), 1);
    hot.readData(PATH, longData, 1);

    assertThat(hot.find(PATH, 1)).isEqualTo(new HotZnodes.Hot(znode(1), null, false, 1));
  }

  /** Every commit writes its own number into one of ten znodes, in their order, again and again. */
  @Test
  void everyViewFindsTheZnodesOfItsZxidWhileOthersAreCommitted(@TempDir Path directory)
      throws Exception {
    Entries entries = new Entries();
    try (RocksStore store =
        RocksStore.open(
            directory.resolve("store"),
            new RocksConfig(8 << 20, 4 << 20, 2_000, HistoryLimits.DEFAULT))) {
      for (int i = 0; i < 10; i++) {
        entries.apply(store, Entries.newZnode("/n" + i));
      }
      long first = store.publishedZxid() + 1;
      AtomicBoolean ended = new AtomicBoolean();
      List<CompletableFuture<Integer>> readers =
          IntStream.range(0, READERS)
              .mapToObj(i -> CompletableFuture.supplyAsync(() -> readAll(store, first, ended)))
              .toList();
      for (int i = 0; i < COMMITS; i++) {
        long zxid = first + i;
        entries.apply(store, Entries.set("/n" + zxid % 10, "" + zxid));
      }
      ended.set(true);

      for (CompletableFuture<Integer> reader : readers) {
        assertThat(reader.get(1, TimeUnit.MINUTES)).isPositive();
      }
    }
  }

  private static int readAll(StateStore store, long first, AtomicBoolean ended) {
    int reads = 0;
    while (!ended.get()) {
      try (StateStore.View view = store.view()) {
        long zxid = view.zxid();
        for (long last = zxid; last > zxid - 10 && last >= first; last--) {
          ZnodePath path = ZnodePath.of("/n" + last % 10);
          assertThat(view.require(path).mzxid()).isEqualTo(last);
          assertThat(view.data(path)).isEqualTo(ByteString.copyFromUtf8("" + last));
          reads++;
        }
      }
    }
    return reads;
  }
}
