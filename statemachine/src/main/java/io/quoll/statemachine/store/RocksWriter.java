package io.quoll.statemachine.store;

import static io.quoll.statemachine.store.RocksFamily.DATA;
import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.ServerRecordCodec;
import io.quoll.statemachine.state.Row;
import io.quoll.statemachine.state.ServerRecord;
import java.util.List;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;

/** Gathers what one commit writes, and writes it at once. Confined to the apply thread. */
final class RocksWriter implements AutoCloseable {
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
