package io.quoll.statemachine.store;

import com.google.protobuf.ByteString;
import io.quoll.statemachine.codec.CorruptBytesException;
import io.quoll.statemachine.codec.ServerRecordCodec;
import io.quoll.statemachine.codec.SessionCodec;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.SessionReply;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A checkpoint of an {@link InMemoryStore}: one file of the head, the history, the server records,
 * the sessions, their replies and the znodes, each by its length and its bytes; the length of null
 * data is -1.
 */
final class InMemoryFile {
  private InMemoryFile() {}

  static void write(InMemoryTree tree, Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
      writeBytes(tree.head().encode(), out);
      writeHistory(tree.history(), out);
      out.writeInt(tree.servers().size());
      for (ServerRecord server : tree.servers().values()) {
        writeBytes(ServerRecordCodec.encode(server), out);
      }
      writeSessions(tree, out);
      out.writeInt(tree.znodes().size());
      for (Map.Entry<ZnodePath, InMemoryTree.Entry> each : tree.znodes().entrySet()) {
        ByteString data = each.getValue().data();
        writeBytes(RocksKeys.znode(each.getKey()), out);
        writeBytes(ZnodeCodec.encode(each.getValue().znode()), out);
        writeBytes(data == null ? null : data.toByteArray(), out);
      }
    }
  }

  private static void writeSessions(InMemoryTree tree, DataOutputStream out) throws IOException {
    out.writeInt(tree.sessions().size());
    for (Session session : tree.sessions()) {
      writeBytes(SessionCodec.encode(session), out);
    }
    out.writeInt(tree.replies().size());
    for (SessionReply reply : tree.replies().values()) {
      out.writeLong(reply.sessionId());
      out.writeLong(reply.cxid());
      writeBytes(reply.bytes().toByteArray(), out);
    }
  }

  private static void writeHistory(InMemoryHistory history, DataOutputStream out)
      throws IOException {
    out.writeLong(history.trimmedZxid());
    out.writeInt(history.rows().size());
    for (HistoryRow row : history.rows()) {
      writeBytes(row.key(), out);
      writeBytes(row.value(), out);
    }
  }

  private static void writeBytes(byte @Nullable [] bytes, DataOutputStream out) throws IOException {
    out.writeInt(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  static InMemoryTree read(Path file, HistoryLimits historyLimits) throws IOException {
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      StoreHead head = StoreHead.decode(readBytes(in));
      InMemoryTree tree = new InMemoryTree(head, readHistory(in, historyLimits));
      for (int left = in.readInt(); left > 0; left--) {
        ServerRecord server = ServerRecordCodec.decode(readBytes(in));
        tree.servers().put(server.serverId(), server);
      }
      readSessions(in, tree);
      for (int left = in.readInt(); left > 0; left--) {
        ZnodePath path = RocksKeys.path(readBytes(in));
        Znode znode = ZnodeCodec.decode(readBytes(in));
        tree.znodes().put(path, new InMemoryTree.Entry(znode, readData(in)));
      }
      return tree;
    } catch (CorruptBytesException e) {
      throw new StoreException("the checkpoint " + file + " is damaged", e);
    }
  }

  private static InMemoryHistory readHistory(DataInputStream in, HistoryLimits limits)
      throws IOException {
    long trimmedZxid = in.readLong();
    List<HistoryRow> rows = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      rows.add(new HistoryRow(readBytes(in), readBytes(in)));
    }
    return new InMemoryHistory(limits, trimmedZxid, rows);
  }

  private static void readSessions(DataInputStream in, InMemoryTree tree) throws IOException {
    for (int left = in.readInt(); left > 0; left--) {
      Session session = SessionCodec.decode(readBytes(in));
      tree.sessionsById().put(session.id(), session);
    }
    for (int left = in.readInt(); left > 0; left--) {
      long sessionId = in.readLong();
      long cxid = in.readLong();
      ByteString bytes = ByteString.copyFrom(readBytes(in));
      tree.replies().put(sessionId, cxid, new SessionReply(sessionId, cxid, bytes));
    }
  }

  private static byte[] readBytes(DataInputStream in) throws IOException {
    return in.readNBytes(in.readInt());
  }

  private static @Nullable ByteString readData(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length < 0 ? null : ByteString.copyFrom(in.readNBytes(length));
  }
}
