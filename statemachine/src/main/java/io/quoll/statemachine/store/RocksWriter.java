package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DATA;
import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.HISTORY;
import static io.quoll.statemachine.store.RocksFamily.SESSIONS;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;
import static java.util.Objects.requireNonNull;

import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.RepliesCodec;
import io.quoll.statemachine.codec.ServerRecordCodec;
import io.quoll.statemachine.codec.SessionCodec;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.SessionReply;
import io.quoll.statemachine.state.SessionRow;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Gathers what one commit writes, and writes it at once. Confined to the apply thread. */
final class RocksWriter implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final RocksDatabase database;
  private final WriteBatch batch = new WriteBatch();
  private final ReplyRuns replyRuns;
  private long digestChange;

  /**
   * A writer to {@code database}.
   *
   * @param replyRuns the rows of replies that it holds, which this writer keeps current
   */
  RocksWriter(RocksDatabase database, ReplyRuns replyRuns) {
    this.database = database;
    this.replyRuns = replyRuns;
  }

  /** Forgets what was gathered before. */
  void begin() {
    database.requireOpen();
    batch.clear();
    digestChange = 0;
  }

  /**
   * Gathers what became of znodes.
   *
   * @param committed the state before, for the data that a znode keeps
   */
  void putRows(List<Row> rows, StateView committed) {
    try {
      for (Row row : rows) {
        put(row, EncodedRow.of(row), committed);
      }
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering rows", e);
    }
  }

  private void put(Row row, EncodedRow encoded, StateView committed) throws RocksDBException {
    byte[] key = encoded.key();
    byte[] znode = encoded.znode();
    digestChange += encoded.digestChange();
    if (znode != null) {
      batch.put(database.handle(ZNODES), key, withData(znode, row, committed));
    } else if (encoded.existed()) {
      batch.delete(database.handle(ZNODES), key);
    }
    putOwner(row);
    putPerishable(row);
    putDataApart(row, key);
  }

  private static byte[] withData(byte[] znode, Row row, StateView committed) {
    if (!ZnodeCodec.holdsData(requireNonNull(row.after()))) {
      return znode;
    }
    ByteString data = requireNonNull(row.dataWritten() ? row.data() : committed.data(row.path()));
    byte[] both = Arrays.copyOf(znode, znode.length + data.size());
    data.copyTo(both, znode.length);
    return both;
  }

  private void putDataApart(Row row, byte[] key) throws RocksDBException {
    ByteString data = row.data();
    if (row.dataWritten() && data != null && keepsDataApart(row.after())) {
      batch.put(database.handle(DATA), key, data.toByteArray());
    } else if (row.dataWritten() && keepsDataApart(row.before())) {
      batch.delete(database.handle(DATA), key);
    }
  }

  private static boolean keepsDataApart(@Nullable Znode znode) {
    return znode != null && znode.dataLength() >= 0 && !ZnodeCodec.holdsData(znode);
  }

  void putServers(List<ServerRecord> servers) {
    try {
      for (ServerRecord server : servers) {
        batch.put(
            database.handle(DEFAULT),
            RocksKeys.server(server.serverId()),
            ServerRecordCodec.encode(server));
      }
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering server records", e);
    }
  }

  private void putOwner(Row row) throws RocksDBException {
    long before = ownerOf(row.before());
    long after = ownerOf(row.after());
    if (before != 0 && before != after) {
      batch.delete(database.handle(SESSIONS), RocksKeys.ephemeral(before, row.path()));
    }
    if (after != 0 && before != after) {
      batch.put(database.handle(SESSIONS), RocksKeys.ephemeral(after, row.path()), NOTHING);
    }
  }

  private void putPerishable(Row row) throws RocksDBException {
    boolean before = row.before() != null && row.before().isPerishable();
    boolean after = row.after() != null && row.after().isPerishable();
    if (before && !after) {
      batch.delete(database.handle(SESSIONS), RocksKeys.perishable(row.path()));
    }
    if (after && !before) {
      batch.put(database.handle(SESSIONS), RocksKeys.perishable(row.path()), NOTHING);
    }
  }

  private static long ownerOf(@Nullable Znode znode) {
    return znode == null ? 0 : znode.ephemeralOwner();
  }

  /**
   * Gathers what became of sessions, and their replies.
   *
   * @param replies those of each session together, in the order of their numbers, which follow each
   *     other
   */
  void putSessions(List<SessionRow> rows, List<SessionReply> replies) {
    try {
      for (SessionRow row : rows) {
        putSession(row);
      }
      int from = 0;
      while (from < replies.size()) {
        int end = endOfRun(replies, from);
        putReplies(replies.subList(from, end));
        from = end;
      }
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering sessions", e);
    }
  }

  private void putSession(SessionRow row) throws RocksDBException {
    byte[] key = RocksKeys.session(row.sessionId());
    Session after = row.after();
    if (after != null) {
      batch.put(database.handle(SESSIONS), key, SessionCodec.encode(after));
      replyRuns.dropBefore(
          row.sessionId(), after.firstKeptCxid(), first -> deleteReplies(row.sessionId(), first));
    } else if (row.before() != null) {
      batch.delete(database.handle(SESSIONS), key);
      replyRuns.dropAll(row.sessionId(), first -> deleteReplies(row.sessionId(), first));
    }
  }

  // Row by row, not by range: they are few, and many deleted ranges would slow down every read.
  private void deleteReplies(long sessionId, long firstCxid) {
    try {
      batch.delete(database.handle(SESSIONS), RocksKeys.replies(sessionId, firstCxid));
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering replies", e);
    }
  }

  private static int endOfRun(List<SessionReply> replies, int from) {
    long sessionId = replies.get(from).sessionId();
    int end = from;
    while (end < replies.size() && replies.get(end).sessionId() == sessionId) {
      end++;
    }
    return end;
  }

  private void putReplies(List<SessionReply> run) throws RocksDBException {
    SessionReply first = run.get(0);
    batch.put(
        database.handle(SESSIONS),
        RocksKeys.replies(first.sessionId(), first.cxid()),
        RepliesCodec.encode(Lists.transform(run, SessionReply::bytes)));
    replyRuns.add(first.sessionId(), first.cxid(), run.get(run.size() - 1).cxid());
  }

  void putHistory(List<HistoryRow> rows, HistoryExtent extent) {
    try {
      for (HistoryRow row : rows) {
        batch.put(database.handle(HISTORY), row.key(), row.value());
      }
      batch.put(database.handle(DEFAULT), RocksKeys.historyExtent(), extent.encode());
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering events", e);
    }
  }

  /** Gathers the deletion of the events from the key {@code from} on to before {@code end}. */
  void deleteHistory(byte[] from, byte[] end) {
    try {
      batch.deleteRange(database.handle(HISTORY), from, end);
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("trimming the history", e);
    }
  }

  /** What the rows gathered change of the digest. */
  long digestChange() {
    return digestChange;
  }

  /** Writes all that was gathered together with {@code head}, or nothing. */
  void write(StoreHead head) {
    try {
      batch.put(database.handle(DEFAULT), RocksKeys.head(), head.encode());
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering the head", e);
    }
    database.write(batch);
  }

  @Override
  public void close() {
    batch.close();
  }
}
