package io.quoll.server.coordination;

import com.google.common.collect.ImmutableList;
import com.google.common.util.concurrent.Uninterruptibles;
import com.google.protobuf.ByteString;
import io.quoll.statemachine.state.ServerRecord;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import io.quoll.statemachine.state.Znode;
import io.quoll.statemachine.state.ZnodePath;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.HistoryPage;
import io.quoll.statemachine.store.InMemoryStore;
import io.quoll.statemachine.store.NotInMemoryException;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.StateStore;
import io.quoll.statemachine.store.TreeDigest;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory that tells whether it is used in order, and whose reads can be made to fail.
 */
public final class FakeStore implements StateStore {
  private static final Duration HELD_MAX = Duration.ofSeconds(10);

  private final StateStore store;
  private volatile RuntimeException readFailure = new IllegalStateException("the disk is gone");
  private final AtomicInteger openViews = new AtomicInteger();
  private volatile boolean failing;
  private volatile boolean forgetful;
  private volatile boolean closed;
  private volatile CountDownLatch mayRead = new CountDownLatch(0);
  private volatile Runnable beforeNextLook = () -> {};

  /** A store that keeps as much history as is usual. */
  public FakeStore() {
    this(HistoryLimits.DEFAULT);
  }

  /** A store that keeps so much history. */
  public FakeStore(HistoryLimits limits) {
    store = new InMemoryStore(limits);
  }

  /** Makes every read from a view fail from now on. */
  public void failReads() {
    failing = true;
  }

  /** Whether reads from now on find nothing in memory. */
  public void setForgetful(boolean forgetsAll) {
    forgetful = forgetsAll;
  }

  /** Makes reads of znodes wait from now on, for some seconds at most. */
  public void holdReads() {
    mayRead = new CountDownLatch(1);
  }

  /** Lets all reads go on. */
  public void releaseReads() {
    mayRead.countDown();
  }

  /** Does {@code what} once, just before somebody asks for the published zxid the next time. */
  public void beforeNextLook(Runnable what) {
    beforeNextLook = what;
  }

  /** How many views are open. */
  public int openViews() {
    return openViews.get();
  }

  /** Whether the store was closed. */
  public boolean isClosed() {
    return closed;
  }

  /** As {@link #failReads}, with {@code failure}. */
  public void failReadsWith(RuntimeException failure) {
    readFailure = failure;
    failing = true;
  }

  @Override
  public StateView committed() {
    return store.committed();
  }

  @Override
  public void commit(StateTransaction transaction, Position position) {
    store.commit(transaction, position);
  }

  @Override
  public void publish() {
    store.publish();
  }

  @Override
  public View view() {
    openViews.incrementAndGet();
    return new FakeView(store.view());
  }

  @Override
  public long publishedZxid() {
    Runnable before = beforeNextLook;
    beforeNextLook = () -> {};
    before.run();
    return store.publishedZxid();
  }

  @Override
  public Position position() {
    return store.position();
  }

  @Override
  public Position durablePosition() {
    return store.durablePosition();
  }

  @Override
  public TreeDigest digest() {
    return store.digest();
  }

  @Override
  public void flush() {
    store.flush();
  }

  @Override
  public void checkpoint(Path directory) {
    store.checkpoint(directory);
  }

  @Override
  public void install(Path checkpoint, Consumer<View> beforePublished) {
    store.install(checkpoint, beforePublished);
  }

  @Override
  public long diskBytes() {
    return store.diskBytes();
  }

  @Override
  public void close() {
    closed = true;
    store.close();
  }

  private final class FakeView implements View {
    private final View view;

    FakeView(View view) {
      this.view = view;
    }

    private View checked() {
      if (failing) {
        throw readFailure;
      }
      return view;
    }

    @Override
    public long zxid() {
      return view.zxid();
    }

    @Override
    public long timeMillis() {
      return view.timeMillis();
    }

    @Override
    public Optional<Znode> find(ZnodePath path) {
      boolean unused = Uninterruptibles.awaitUninterruptibly(mayRead, HELD_MAX);
      return checked().find(path);
    }

    @Override
    public @Nullable ByteString data(ZnodePath path) {
      return checked().data(path);
    }

    @Override
    public ImmutableList<String> children(ZnodePath parent, String after, int limit) {
      return checked().children(parent, after, limit);
    }

    @Override
    public ImmutableList<ZnodePath> descendants(ZnodePath ancestor, ZnodePath after, int limit) {
      return checked().descendants(ancestor, after, limit);
    }

    @Override
    public Optional<ServerRecord> server(int serverId) {
      return checked().server(serverId);
    }

    @Override
    public Optional<Session> session(long sessionId) {
      return checked().session(sessionId);
    }

    @Override
    public ImmutableList<Session> sessions() {
      return checked().sessions();
    }

    @Override
    public Optional<ByteString> reply(long sessionId, long cxid) {
      return checked().reply(sessionId, cxid);
    }

    @Override
    public ImmutableList<ZnodePath> ephemerals(long sessionId) {
      return checked().ephemerals(sessionId);
    }

    @Override
    public ImmutableList<ZnodePath> perishables(ZnodePath after, int limit) {
      return checked().perishables(after, limit);
    }

    @Override
    public HistoryPage history(long afterZxid, int limit) {
      return checked().history(afterZxid, limit);
    }

    @Override
    public StateView inMemory() {
      if (forgetful) {
        throw new NotInMemoryException();
      }
      return this;
    }

    @Override
    public void close() {
      openViews.decrementAndGet();
      view.close();
    }
  }
}
