package io.quoll.client.fake;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import com.google.protobuf.ByteString;
import io.quoll.api.v1.Acl;
import io.quoll.api.v1.ErrorCode;
import io.quoll.api.v1.EventType;
import io.quoll.api.v1.Stat;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A small tree in memory that follows the contract, shared by the fake servers of an ensemble. Its
 * clock stands still.
 *
 * <p>Thread-safe.
 */
public final class FakeTree {
  /** The time of every change: 28 July 2018, 08:14:09 UTC. */
  public static final long TIME_MILLIS = 1_532_765_649_000L;

  private final int deleteLimit;

  @GuardedBy("this")
  private final Map<String, FakeNode> nodes = new HashMap<>();

  @GuardedBy("this")
  private final Map<String, NavigableSet<String>> children = new HashMap<>();

  @GuardedBy("this")
  private final Deque<Runnable> undo = new ArrayDeque<>();

  @GuardedBy("this")
  private final FakeHistory history = new FakeHistory();

  @GuardedBy("this")
  private final List<FakeChange> changes = new ArrayList<>();

  @GuardedBy("this")
  private final List<Consumer<List<FakeChange>>> listeners = new ArrayList<>();

  @GuardedBy("this")
  private final Map<Long, FakeSession> sessions = new HashMap<>();

  @GuardedBy("this")
  private long zxid;

  /** A tree that holds nothing but its root. */
  public FakeTree() {
    this(10_000);
  }

  /**
   * A tree that holds nothing but its root.
   *
   * @param deleteLimit how many znodes it deletes recursively at once
   */
  public FakeTree(int deleteLimit) {
    this.deleteLimit = deleteLimit;
    FakeNode root = FakeNode.created(null, 0, 0);
    nodes.put(
        "/", new FakeNode(null, root.stat().toBuilder().setCversion(-1).build(), 0, root.acl()));
    children.put("/", new TreeSet<>());
  }

  /** The zxid of the last change. */
  public synchronized long zxid() {
    return zxid;
  }

  /** Does all of {@code writes} at one zxid, or none of it if one throws. */
  synchronized <T> T transaction(Supplier<T> writes) {
    undo.clear();
    changes.clear();
    zxid++;
    try {
      T done = writes.get();
      List<FakeChange> committed = List.copyOf(changes);
      history.add(committed);
      if (!committed.isEmpty()) {
        List.copyOf(listeners).forEach(listener -> listener.accept(committed));
      }
      return done;
    } catch (FakeRejection rejection) {
      undo.forEach(Runnable::run);
      zxid--;
      throw rejection;
    }
  }

  /** Does the work while nothing else happens in the ensemble. */
  synchronized <T> T alone(Supplier<T> work) {
    return work.get();
  }

  synchronized FakeHistory history() {
    return history;
  }

  /**
   * From now on the listener is told the changes of each transaction, while nothing else happens.
   */
  synchronized void listen(Consumer<List<FakeChange>> listener) {
    listeners.add(listener);
  }

  synchronized void forget(Consumer<List<FakeChange>> listener) {
    listeners.remove(listener);
  }

  /** Forgets all events that happened so far. */
  public synchronized void trimHistory() {
    history.trim(zxid);
  }

  synchronized FakeSession openSession(int timeoutMillis) {
    FakeSession session = new FakeSession(transaction(this::zxid), timeoutMillis);
    sessions.put(session.id(), session);
    return session;
  }

  synchronized @Nullable FakeSession session(long id) {
    return sessions.get(id);
  }

  synchronized List<FakeSession> sessions() {
    return sessions.values().stream().sorted(Comparator.comparingLong(FakeSession::id)).toList();
  }

  /** How many sessions there are. */
  public synchronized int sessionCount() {
    return sessions.size();
  }

  /** The session expires: its ephemeral znodes go, and its stream ends. */
  public synchronized void expireSession(long id) {
    FakeSession session = sessions.get(id);
    if (session != null) {
      closeSession(session);
      session.endStream("SESSION_EXPIRED");
    }
  }

  synchronized void closeSession(FakeSession session) {
    sessions.remove(session.id());
    List<String> owned = ephemerals(session.id());
    if (owned.isEmpty()) {
      return;
    }
    transaction(
        () -> {
          owned.forEach(path -> delete(path, -1));
          return owned;
        });
  }

  /** The session is attached elsewhere, as its stream is told. */
  public synchronized void moveSession(long id) {
    FakeSession session = sessions.get(id);
    if (session != null) {
      session.endStream("SESSION_MOVED");
    }
  }

  synchronized List<String> ephemerals(long owner) {
    return nodes.entrySet().stream()
        .filter(node -> node.getValue().stat().getEphemeralOwner() == owner)
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }

  /** The paths of a znode and of all below it, parents first. */
  synchronized List<String> subtree(String path) {
    List<String> all = new ArrayList<>(List.of(path));
    for (int i = 0; i < all.size(); i++) {
      for (String name : names(all.get(i))) {
        all.add(child(all.get(i), name));
      }
    }
    return all;
  }

  synchronized String create(
      String path, @Nullable ByteString data, boolean sequential, long ephemeralOwner, Acl acl) {
    requirePath(sequential ? path + "1" : path);
    if (path.equals("/") && !sequential) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NODE_EXISTS, path);
    }
    FakeNode parent = require(parent(path));
    if (parent.stat().getEphemeralOwner() != 0) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NO_CHILDREN_FOR_EPHEMERALS, path);
    }
    String full = sequential ? path + "%010d".formatted(parent.childrenCreated()) : path;
    if (nodes.containsKey(full)) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NODE_EXISTS, full);
    }
    put(full, FakeNode.created(data, zxid, TIME_MILLIS).ownedBy(ephemeralOwner).protectedBy(acl));
    changes.add(new FakeChange(zxid, EventType.EVENT_TYPE_NODE_CREATED, full));
    put(parent(path), parent.withChild(zxid));
    return full;
  }

  synchronized void delete(String path, int expectedVersion) {
    requirePath(path);
    if (path.equals("/")) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_ARGUMENTS, path);
    }
    check(path, expectedVersion);
    if (!names(path).isEmpty()) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NOT_EMPTY, path);
    }
    remove(path);
    changes.add(new FakeChange(zxid, EventType.EVENT_TYPE_NODE_DELETED, path));
    put(parent(path), require(parent(path)).withoutChild(zxid));
  }

  synchronized int deleteRecursive(String path) {
    requirePath(path);
    require(path);
    List<String> all = subtree(path);
    if (all.size() > deleteLimit) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_LIMIT_EXCEEDED, path);
    }
    for (int i = all.size() - 1; i >= 0; i--) {
      delete(all.get(i), -1);
    }
    return all.size();
  }

  synchronized Stat setData(String path, @Nullable ByteString data, int expectedVersion) {
    check(path, expectedVersion);
    FakeNode changed = require(path).withData(data, zxid, TIME_MILLIS);
    put(path, changed);
    changes.add(new FakeChange(zxid, EventType.EVENT_TYPE_NODE_DATA_CHANGED, path));
    return changed.stat();
  }

  synchronized Stat setAcl(String path, Acl acl, int expectedAversion) {
    FakeNode node = require(path);
    if (expectedAversion != -1 && expectedAversion != node.stat().getAversion()) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_VERSION, path);
    }
    FakeNode changed = node.withAcl(acl);
    put(path, changed);
    return changed.stat();
  }

  synchronized void check(String path, int expectedVersion) {
    requirePath(path);
    int version = require(path).stat().getVersion();
    if (expectedVersion != -1 && expectedVersion != version) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_VERSION, path);
    }
  }

  synchronized FakeNode require(String path) {
    FakeNode node = nodes.get(path);
    if (node == null) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_NO_NODE, path);
    }
    return node;
  }

  synchronized boolean contains(String path) {
    return nodes.containsKey(path);
  }

  /** The names of a znode's children after {@code after}, in their order. */
  synchronized List<String> names(String path, String after, int limit) {
    require(path);
    return names(path).tailSet(after, false).stream().limit(limit).toList();
  }

  private synchronized NavigableSet<String> names(String path) {
    return children.getOrDefault(path, new TreeSet<>());
  }

  synchronized int countBelow(String path) {
    require(path);
    String prefix = child(path, "");
    return (int) nodes.keySet().stream().filter(p -> p.startsWith(prefix)).count()
        - (path.equals("/") ? 1 : 0);
  }

  /** How many znodes there are, the root among them. */
  public synchronized int size() {
    return nodes.size();
  }

  private synchronized void put(String path, FakeNode node) {
    FakeNode before = nodes.put(path, node);
    if (before != null) {
      undo.push(() -> restore(path, before));
      return;
    }
    children.computeIfAbsent(parent(path), parent -> new TreeSet<>()).add(name(path));
    undo.push(() -> drop(path));
  }

  private synchronized void remove(String path) {
    FakeNode before = require(path);
    drop(path);
    undo.push(() -> restore(path, before));
  }

  private synchronized void restore(String path, FakeNode node) {
    nodes.put(path, node);
    if (!path.equals("/")) {
      children.computeIfAbsent(parent(path), parent -> new TreeSet<>()).add(name(path));
    }
  }

  private synchronized void drop(String path) {
    nodes.remove(path);
    names(parent(path)).remove(name(path));
  }

  static String child(String path, String name) {
    return path.equals("/") ? "/" + name : path + "/" + name;
  }

  static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash == 0 ? "/" : path.substring(0, slash);
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void requirePath(String path) {
    boolean valid =
        path.equals("/") || (path.startsWith("/") && !path.endsWith("/") && !path.contains("//"));
    if (!valid) {
      throw new FakeRejection(ErrorCode.ERROR_CODE_BAD_ARGUMENTS, path);
    }
  }
}
