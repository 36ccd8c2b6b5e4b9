package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DATA;
import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.HISTORY;
import static io.quoll.statemachine.store.RocksFamily.SESSIONS;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ServerRecordCodec;
import io.quoll.statemachine.codec.SessionCodec;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.SessionReply;
import io.quoll.statemachine.state.SessionRow;
import io.quoll.statemachine.state.Znode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Gathers what one commit writes, and writes it at once. Confined to the apply thread. */
final class RocksWriter implements AutoCloseable {
  private static final byte[] NOTHING = {};

  private final RocksDatabase database;
  private final WriteBatch batch = new WriteBatch();
  private long digestChange;

  RocksWriter(RocksDatabase database) {
    this.database = database;
  }

  /** Forgets what was gathered before. */
  void begin() {
    database.requireOpen();
    batch.clear();
    digestChange = 0;
  }

  void putRows(List<Row> rows) {
    try {
      for (Row row : rows) {
        put(row, EncodedRow.of(row));
      }
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering rows", e);
    }
  }

  private void put(Row row, EncodedRow encoded) throws RocksDBException {
    byte[] key = encoded.key();
    byte[] znode = encoded.znode();
    digestChange += encoded.digestChange();
    if (znode != null) {
      batch.put(database.handle(ZNODES), key, znode);
    } else if (encoded.existed()) {
      batch.delete(database.handle(ZNODES), key);
    }
    putOwner(row);
    putPerishable(row);
    ByteString data = row.data();
    if (row.dataWritten() && data != null) {
      batch.put(database.handle(DATA), key, data.toByteArray());
    } else if (row.dataWritten() && encoded.hadData()) {
      batch.delete(database.handle(DATA), key);
    }
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

  void putSessions(List<SessionRow> rows, List<SessionReply> replies) {
    try {
      for (SessionRow row : rows) {
        putSession(row);
        dropReplies(row);
      }
      for (SessionReply reply : replies) {
        batch.put(
            database.handle(SESSIONS),
            RocksKeys.reply(reply.sessionId(), reply.cxid()),
            reply.bytes().toByteArray());
      }
    } catch (RocksDBException e) {
      throw RocksDatabase.failure("gathering sessions", e);
    }
  }

  private void putSession(SessionRow row) throws RocksDBException {
    byte[] key = RocksKeys.session(row.sessionId());
    if (row.after() != null) {
      batch.put(database.handle(SESSIONS), key, SessionCodec.encode(row.after()));
    } else if (row.before() != null) {
      batch.delete(database.handle(SESSIONS), key);
    }
  }

  // Row by row, not by range: they are few, and many deleted ranges would slow down every read.
  private void dropReplies(SessionRow row) throws RocksDBException {
    Session before = row.before();
    Session after = row.after();
    if (before == null) {
      return;
    }
    for (long cxid = before.firstKeptCxid(); cxid <= before.lastCxid(); cxid++) {
      if (after == null || !after.keepsReply(cxid)) {
        batch.delete(database.handle(SESSIONS), RocksKeys.reply(row.sessionId(), cxid));
      }
    }
  }

  void putHistory(List<EncodedEvent> events, HistoryExtent extent) {
    try {
      for (EncodedEvent event : events) {
        batch.put(database.handle(HISTORY), event.key(), event.value());
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
