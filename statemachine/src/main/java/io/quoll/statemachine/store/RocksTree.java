package io.quoll.statemachine.store;

import static com.google.common.collect.ImmutableList.toImmutableList;
import static io.quoll.statemachine.store.RocksFamily.DATA;
import static io.quoll.statemachine.store.RocksFamily.DEFAULT;
import static io.quoll.statemachine.store.RocksFamily.SESSIONS;
import static io.quoll.statemachine.store.RocksFamily.ZNODES;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.quoll.statemachine.codec.RepliesCodec;
import io.quoll.statemachine.codec.ServerRecordCodec;
import io.quoll.statemachine.codec.SessionCodec;
import io.quoll.statemachine.codec.ZnodeCodec;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;

/**
 * The state in a {@link RocksDatabase} as some read options show it: that of a snapshot, or the
 * last commit. As thread-safe as what it stands on is steady.
 */
final class RocksTree implements StateView {
  private final RocksDatabase database;
  private final ReadOptions options;
  private final Supplier<StoreHead> head;
  private final HotZnodes hot;
  private final LongFunction<Optional<Session>> sessionOf;

  /** A state whose sessions are read where the rest is. */
  RocksTree(RocksDatabase database, ReadOptions options, Supplier<StoreHead> head, HotZnodes hot) {
    this(database, options, head, hot, sessionId -> readSession(database, options, sessionId));
  }

  /** A state of which {@code sessionOf} knows the sessions. */
  RocksTree(
      RocksDatabase database,
      ReadOptions options,
      Supplier<StoreHead> head,
      HotZnodes hot,
      LongFunction<Optional<Session>> sessionOf) {
    this.database = database;
    this.options = options;
    this.head = head;
    this.hot = hot;
    this.sessionOf = sessionOf;
  }

  private static Optional<Session> readSession(
      RocksDatabase database, ReadOptions options, long sessionId) {
    byte[] session = database.get(SESSIONS, options, RocksKeys.session(sessionId));
    return session == null ? Optional.empty() : Optional.of(SessionCodec.decode(session));
  }

  @Override
  public long zxid() {
    return head.get().zxid();
  }

  @Override
  public long timeMillis() {
    return head.get().timeMillis();
  }

  @Override
  public Optional<Znode> find(ZnodePath path) {
    long zxid = zxid();
    HotZnodes.Hot found = hot.find(path, zxid);
    if (found != null) {
      return Optional.of(found.znode());
    }
    ZnodeCodec.Kept kept = read(path, zxid);
    return kept == null ? Optional.empty() : Optional.of(kept.znode());
  }

  private ZnodeCodec.@Nullable Kept read(ZnodePath path, long zxid) {
    byte[] bytes = database.get(ZNODES, options, RocksKeys.znode(path));
    if (bytes == null) {
      return null;
    }
    ZnodeCodec.Kept kept = ZnodeCodec.decodeKept(bytes);
    hot.read(path, kept.znode(), zxid);
    if (!isApart(kept.znode())) {
      hot.readData(path, kept.data(), zxid);
    }
    return kept;
  }

  /** Whether the data of such a znode is in a row of its own. */
  static boolean isApart(Znode znode) {
    return znode.dataLength() >= 0 && !ZnodeCodec.holdsData(znode);
  }

  @Override
  public boolean contains(ZnodePath path) {
    return hot.find(path, zxid()) != null
        || database.get(ZNODES, options, RocksKeys.znode(path)) != null;
  }

  @Override
  public @Nullable ByteString data(ZnodePath path) {
    long zxid = zxid();
    HotZnodes.Hot found = hot.find(path, zxid);
    if (found != null && found.dataKnown()) {
      return found.data();
    }
    if (found == null || !isApart(found.znode())) {
      ZnodeCodec.Kept kept = read(path, zxid);
      if (kept == null || !isApart(kept.znode())) {
        return kept == null ? null : kept.data();
      }
    }
    byte[] bytes = database.get(DATA, options, RocksKeys.znode(path));
    ByteString data = bytes == null ? null : UnsafeByteOperations.unsafeWrap(bytes);
    hot.readData(path, data, zxid);
    return data;
  }

  @Override
  public Optional<ServerRecord> server(int serverId) {
    byte[] server = database.get(DEFAULT, options, RocksKeys.server(serverId));
    return server == null ? Optional.empty() : Optional.of(ServerRecordCodec.decode(server));
  }

  @Override
  public Optional<Session> session(long sessionId) {
    return sessionOf.apply(sessionId);
  }

  @Override
  public ImmutableList<Session> sessions() {
    ImmutableList.Builder<Session> sessions = ImmutableList.builder();
    scan(
        SESSIONS,
        RocksKeys.firstSession(),
        RocksKeys.endOfSessions(),
        Integer.MAX_VALUE,
        row -> sessions.add(SessionCodec.decode(row.value())));
    return sessions.build();
  }

  @Override
  public Optional<ByteString> reply(long sessionId, long cxid) {
    return session(sessionId)
        .filter(session -> session.keepsReply(cxid))
        .map(session -> requireReply(sessionId, cxid));
  }

  // In the last run that does not begin after it.
  private ByteString requireReply(long sessionId, long cxid) {
    database.requireOpen();
    try (RocksIterator iterator = database.iterator(SESSIONS, options)) {
      iterator.seekForPrev(RocksKeys.replies(sessionId, cxid));
      RocksDatabase.check(iterator);
      if (!iterator.isValid()) { // Asked all the same, RocksDB would crash.
        throw new StoreException("the store is damaged: it lacks a reply that a session keeps");
      }
      long firstCxid = RocksKeys.repliesCxid(iterator.key());
      return RepliesCodec.decode(iterator.value()).get(Math.toIntExact(cxid - firstCxid));
    }
  }

  /** Takes note of all rows of replies. */
  void addTo(ReplyRuns runs) {
    scan(
        SESSIONS,
        RocksKeys.firstReplies(),
        RocksKeys.endOfReplies(),
        Integer.MAX_VALUE,
        row -> addTo(runs, row.key(), RepliesCodec.decode(row.value()).size()));
  }

  private static void addTo(ReplyRuns runs, byte[] key, int count) {
    long firstCxid = RocksKeys.repliesCxid(key);
    runs.add(RocksKeys.repliesSession(key), firstCxid, firstCxid + count - 1);
  }

  @Override
  public ImmutableList<ZnodePath> ephemerals(long sessionId) {
    ImmutableList.Builder<ZnodePath> paths = ImmutableList.builder();
    scan(
        SESSIONS,
        RocksKeys.firstEphemeral(sessionId),
        RocksKeys.endOfEphemerals(sessionId),
        Integer.MAX_VALUE,
        row -> paths.add(RocksKeys.ephemeralPath(row.key())));
    return paths.build();
  }

  /** The perishable znodes after {@code after}. */
  ImmutableList<ZnodePath> perishables(ZnodePath after, int limit) {
    ImmutableList.Builder<ZnodePath> paths = ImmutableList.builder();
    scan(
        SESSIONS,
        RocksKeys.after(RocksKeys.perishable(after)),
        RocksKeys.endOfPerishables(),
        limit,
        row -> paths.add(RocksKeys.perishablePath(row.key())));
    return paths.build();
  }

  /** What happened after {@code afterZxid}. */
  HistoryPage history(long afterZxid, int limit) {
    database.requireOpen();
    return RocksHistory.read(database, options, zxid(), afterZxid, limit);
  }

  @Override
  public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
    int depth = parent.depth() + 1;
    byte[] first = RocksKeys.firstBelow(parent, depth);
    byte[] from = after.isEmpty() ? first : RocksKeys.afterChild(parent, after);
    return keys(from, RocksKeys.endBelow(parent, depth), limit).stream()
        .map(key -> RocksKeys.name(key, first))
        .collect(toImmutableList());
  }

  @Override
  public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
    ImmutableList.Builder<ZnodePath> paths = ImmutableList.builder();
    int left = limit;
    int depth = Math.max(ancestor.depth() + 1, after.depth());
    boolean mayGoDeeper = true;
    while (left > 0 && mayGoDeeper) {
      boolean resumes = depth == after.depth();
      byte[] from = RocksKeys.firstBelow(ancestor, depth);
      if (resumes) {
        from = later(from, RocksKeys.after(RocksKeys.znode(after)));
      }
      ImmutableList<byte[]> keys = keys(from, RocksKeys.endBelow(ancestor, depth), left);
      keys.forEach(key -> paths.add(RocksKeys.path(key)));
      left -= keys.size();
      mayGoDeeper = resumes || !keys.isEmpty();
      depth++;
    }
    return paths.build();
  }

  private static byte[] later(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other) > 0 ? one : other;
  }

  private ImmutableList<byte[]> keys(byte[] from, byte[] end, int limit) {
    ImmutableList.Builder<byte[]> keys = ImmutableList.builder();
    scan(ZNODES, from, end, limit, row -> keys.add(row.key()));
    return keys.build();
  }

  /** Hands the rows from {@code from} on to before {@code end} to {@code each}. */
  private void scan(
      RocksFamily family, byte[] from, byte[] end, int limit, Consumer<RocksIterator> each) {
    database.requireOpen();
    try (Slice bound = new Slice(end);
        ReadOptions bounded = new ReadOptions(options).setIterateUpperBound(bound);
        RocksIterator iterator = database.iterator(family, bounded)) {
      iterator.seek(from);
      for (int i = 0; i < limit && iterator.isValid(); i++) {
        each.accept(iterator);
        iterator.next();
      }
      RocksDatabase.check(iterator);
    }
  }
}
