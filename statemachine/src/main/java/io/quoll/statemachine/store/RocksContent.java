package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;

import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.SessionRow;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.ReadTier;
import org.rocksdb.RocksIterator;

/**
 * What a {@link RocksStore} holds between two replacements: a database and the head of its last
 * commit. {@link #head}, {@link #durablePosition}, {@link #figures} and {@link #flushAhead} are for
 * any thread, the rest for the apply thread.
 */
final class RocksContent implements AutoCloseable {
  private final RocksDatabase database;
  private final RocksWriter writer;
  private final ReadOptions latest = new ReadOptions();
  // With RocksDB's log off, what is not only in its memory is what was flushed.
  private final ReadOptions durable = new ReadOptions().setReadTier(ReadTier.PERSISTED_TIER);
  private final RocksTree committed;
  // Decoded, because every write of a session looks at it; as many as there are sessions.
  private final Map<Long, Session> sessions = new HashMap<>();
  private volatile int sessionCount;
  private final RocksHistory history;
  private final HotZnodes hot;
  private volatile StoreHead head;
  private volatile StoreHead flushedHead;

  private RocksContent(RocksDatabase database, RocksConfig config) {
    this.database = database;
    ReplyRuns replyRuns = new ReplyRuns();
    writer = new RocksWriter(database, replyRuns);
    hot = new HotZnodes(config.hotZnodeBytes());
    committed =
        new RocksTree(
            database, latest, this::head, hot, id -> Optional.ofNullable(sessions.get(id)));
    StoreHead found = read(latest);
    head = found == null ? create() : found;
    flushedHead = head;
    committed.sessions().forEach(session -> sessions.put(session.id(), session));
    sessionCount = sessions.size();
    committed.addTo(replyRuns);
    history = new RocksHistory(database, latest, config.history(), head.zxid());
  }

  /** Opens the database in {@code directory}; one that holds nothing becomes the fresh tree. */
  static RocksContent open(Path directory, RocksSettings settings, RocksConfig config) {
    RocksDatabase database = RocksDatabase.open(directory, settings);
    try {
      return new RocksContent(database, config);
    } catch (RuntimeException e) {
      database.close();
      throw e;
    }
  }

  /**
   * Opens the database in {@code directory} for reading alone.
   *
   * @return where it stands
   * @throws StoreException if it cannot be used, or is damaged, which only {@code thoroughly} shows
   */
  static StoreHead inspect(Path directory, RocksSettings settings, boolean thoroughly) {
    if (!Files.isDirectory(directory)) {
      throw new StoreException("there is no store in " + directory);
    }
    try (RocksDatabase database = RocksDatabase.openReadOnly(directory, settings);
        ReadOptions options = new ReadOptions()) {
      if (thoroughly) {
        database.verifyChecksums();
      }
      byte[] row = database.get(DEFAULT, options, RocksKeys.head());
      if (row == null) {
        throw new StoreException("the store in " + directory + " is not whole: it has no head");
      }
      return StoreHead.decode(row);
    }
  }

  private @Nullable StoreHead read(ReadOptions options) {
    byte[] row = database.get(DEFAULT, options, RocksKeys.head());
    return row == null ? null : StoreHead.decode(row);
  }

  private StoreHead create() {
    try (RocksIterator iterator = database.iterator(ZNODES, latest)) {
      iterator.seekToFirst();
      RocksDatabase.check(iterator);
      if (iterator.isValid()) {
        throw new StoreException("the store is not whole: it has znodes, but no head");
      }
    }
    StoreHead genesis = StoreHead.genesis();
    writer.begin();
    writer.putRows(Genesis.rows(), committed);
    writer.write(genesis);
    database.flush();
    return genesis;
  }

  StateView committed() {
    return committed;
  }

  /** Where the last commit stands. */
  StoreHead head() {
    return head;
  }

  void commit(StateTransaction transaction, Position position) {
    writer.begin();
    writer.putRows(transaction.rows(), committed);
    writer.putServers(transaction.servers());
    writer.putSessions(transaction.sessionRows(), transaction.replies());
    history.append(transaction, writer);
    StoreHead next = head.after(transaction, position, writer.digestChange());
    writer.write(next);
    hot.committed(transaction.rows(), next.zxid());
    keepSessions(transaction.sessionRows());
    head = next;
  }

  private void keepSessions(List<SessionRow> rows) {
    for (SessionRow row : rows) {
      if (row.after() == null) {
        sessions.remove(row.sessionId());
      } else {
        sessions.put(row.sessionId(), row.after());
      }
    }
    if (sessionCount != sessions.size()) {
      sessionCount = sessions.size();
    }
  }

  /** A snapshot of the last commit, which the caller holds. */
  RocksSnapshot snapshot() {
    return new RocksSnapshot(database, head, hot);
  }

  /** The position that a crash would leave; RocksDB also flushes of its own accord. */
  Position durablePosition() {
    if (!database.tryLease()) {
      return flushedHead.position();
    }
    try {
      StoreHead found = read(durable);
      return found == null ? Position.NONE : found.position();
    } finally {
      database.returnLease();
    }
  }

  void flush() {
    StoreHead flushed = head;
    database.flush();
    flushedHead = flushed;
  }

  /** For any thread; does nothing once nobody else may use the database. */
  void flushAhead() {
    if (!database.tryLease()) {
      return;
    }
    try {
      database.flush();
    } finally {
      database.returnLease();
    }
  }

  /** For any thread; nothing once nobody else may use the database. */
  StoreFigures figures(RocksStatistics statistics) {
    if (!database.tryLease()) {
      return StoreFigures.NONE;
    }
    try {
      HistoryExtent kept = history.extent();
      return new StoreFigures(
          sessionCount,
          hot.figures(),
          new StoreFigures.History(
              kept.events(),
              kept.bytes(),
              kept.trimmedZxid(),
              kept.events() == 0 ? 0 : kept.oldestMillis()),
          RocksStatistics.gauges(database),
          statistics.counters());
    } finally {
      database.returnLease();
    }
  }

  void checkpoint(Path directory) {
    database.checkpoint(directory);
  }

  /** Waits until nobody but the apply thread uses the database, and lets nobody in again. */
  void awaitUnused(Duration limit) {
    database.awaitLeases(limit);
  }

  @Override
  public void close() {
    writer.close();
    latest.close();
    durable.close();
    database.close();
  }
}
