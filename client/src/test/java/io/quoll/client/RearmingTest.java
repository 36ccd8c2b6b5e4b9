package io.quoll.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.quoll.api.v1.EventType;
import io.quoll.api.v1.SessionReply;
import io.quoll.api.v1.SetWatchesResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RearmingTest {
  private final WatchTables tables = new WatchTables();
  private final EventProgress progress = new EventProgress();
  private final List<String> told = new ArrayList<>();

  private static io.quoll.api.v1.WatchEvent event(String path, long zxid) {
    return io.quoll.api.v1.WatchEvent.newBuilder()
        .setType(EventType.EVENT_TYPE_NODE_DATA_CHANGED)
        .setPath(path)
        .setZxid(zxid)
        .build();
  }

  private static io.quoll.api.v1.WatchEvent missed(String path, long zxid) {
    return event(path, zxid).toBuilder().setMissed(true).build();
  }

  private void answer(Rearming rearming, int part, long zxid, long trimmedThrough) {
    SessionReply reply =
        SessionReply.newBuilder()
            .setZxid(zxid)
            .setSetWatches(SetWatchesResponse.newBuilder().setTrimmedThroughZxid(trimmedThrough))
            .build();
    rearming.calls().get(part).complete(reply, tables);
  }

  private void tell(Rearming rearming) {
    rearming.tell(
        new Rearming.Telling() {
          @Override
          public void gap(WatchGap gap) {
            told.add("gap " + gap.afterZxid() + " " + gap.throughZxid());
          }

          @Override
          public void event(
              io.quoll.api.v1.WatchEvent event, boolean toOneShot, boolean toPersistent) {
            told.add(
                event.getZxid() + (toOneShot ? " one-shot" : "") + (toPersistent ? " all" : ""));
          }
        });
  }

  @Test
  void eventsOfSeveralPartsAreToldOnceInTheOrderOfTheirZxids() {
    tables.addData("/a", event -> {});
    String longPath = "/" + "x".repeat(Rearming.PART_BYTES_MAX);
    tables.add(longPath, WatchMode.PERSISTENT, event -> {});
    tables.add("/", WatchMode.PERSISTENT_RECURSIVE, event -> {});
    Rearming rearming = new Rearming(tables, progress);

    rearming.keep(missed("/a", 9));
    answer(rearming, 0, 10, 0);
    rearming.keep(missed("/a", 5));
    rearming.keep(missed("/a", 9));
    rearming.keep(event("/a", 11));
    answer(rearming, 1, 11, 0);
    rearming.keep(missed("/a", 5));
    rearming.keep(missed("/b", 7));
    rearming.keep(missed("/a", 9));
    rearming.keep(missed("/a", 11));
    answer(rearming, 2, 12, 0);

    assertThat(rearming.isDone()).isTrue();
    tell(rearming);
    assertThat(told).containsExactly("5 all", "7 all", "9 one-shot all", "11 one-shot all");
    assertThat(progress.completeZxid()).isEqualTo(12);
  }

  @Test
  void aChangeThatComesLiveAndIsMissedByALaterPartIsToldOnce() {
    tables.addData("/a", event -> {});
    tables.add("/a", WatchMode.PERSISTENT, event -> {});
    Rearming rearming = new Rearming(tables, progress);

    answer(rearming, 0, 10, 0);
    rearming.keep(event("/a", 11));
    rearming.keep(missed("/a", 11));
    answer(rearming, 1, 11, 0);
    tell(rearming);

    assertThat(told).containsExactly("11 one-shot all");
  }

  @Test
  void aZnodeThatOneTransactionSetsTwiceIsToldTwice() {
    tables.addData("/a", event -> {});
    tables.add("/a", WatchMode.PERSISTENT, event -> {});
    Rearming rearming = new Rearming(tables, progress);

    answer(rearming, 0, 10, 0);
    rearming.keep(event("/a", 11));
    rearming.keep(missed("/a", 11));
    rearming.keep(missed("/a", 11));
    answer(rearming, 1, 11, 0);
    rearming.keep(event("/a", 12));
    rearming.keep(event("/a", 12));
    tell(rearming);

    assertThat(told)
        .containsExactly(
            "11 one-shot all", "11 one-shot all", "12 one-shot all", "12 one-shot all");
  }

  @Test
  void eventsToldBeforeTheStreamBrokeWithinTheirZxidAreNotToldAgain() {
    tables.add("/", WatchMode.PERSISTENT_RECURSIVE, event -> {});
    progress.told(event("/a", 5));
    Rearming rearming = new Rearming(tables, progress);

    rearming.keep(missed("/a", 5));
    rearming.keep(missed("/b", 5));
    answer(rearming, 0, 5, 0);
    tell(rearming);

    assertThat(rearming.calls()).hasSize(1);
    assertThat(told).containsExactly("5 all");
    assertThat(progress.completeZxid()).isEqualTo(5);
  }

  @Test
  void moreMissedEventsThanAreKeptAreAGap() {
    tables.add("/", WatchMode.PERSISTENT_RECURSIVE, event -> {});
    Rearming rearming = new Rearming(tables, progress);

    for (int zxid = 1; zxid <= Rearming.EVENTS_MAX + 1; zxid++) {
      rearming.keep(missed("/a", zxid));
    }
    answer(rearming, 0, Rearming.EVENTS_MAX + 1, 0);
    rearming.keep(event("/a", Rearming.EVENTS_MAX + 2));
    tell(rearming);

    assertThat(told.get(0)).isEqualTo("gap 0 " + (Rearming.EVENTS_MAX + 2));
  }
}
