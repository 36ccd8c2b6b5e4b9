package io.quoll.statemachine.store;

import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The state on RocksDB, in one directory, outside of which nothing is touched.
 *
 * <p>RocksDB's own log is off: a commit reaches the disk with the next flush, all families at once,
 * and the Raft log has what a crash takes back. (ADR 0005.) A publication takes one snapshot of
 * RocksDB, which all views share until the next.
 *
 * <p>The apply thread alone commits, publishes, flushes and replaces; the rest may be called by any
 * thread. No method may be called during {@link #close} but {@link #view}, which then fails.
 */
public final class RocksStore implements StateStore {
  /** How long a replacement, and the closing of the store, wait for views to be closed. */
  private static final Duration VIEWS_CLOSED_WITHIN = Duration.ofSeconds(30);

  private final StoreDirectory directory;
  private final RocksSettings settings;
  private final RocksConfig config;
  private final Duration viewsClosedWithin;
  private volatile RocksContent content;
  private volatile @Nullable RocksSnapshot published; // Null while replaced, and when closed.
  private volatile StoreHead publishedHead;
  private boolean closed;

  private RocksStore(
      StoreDirectory directory,
      RocksSettings settings,
      RocksConfig config,
      Duration viewsClosedWithin) {
    this.directory = directory;
    this.settings = settings;
    this.config = config;
    this.viewsClosedWithin = viewsClosedWithin;
    content = RocksContent.open(directory.state(), settings, config);
    publishedHead = content.head();
    published = content.snapshot();
  }

  /**
   * Opens the store in {@code directory}; a missing or empty directory becomes the fresh tree.
   *
   * @throws StoreException if the directory holds a store of another format, or one that is not
   *     whole
   */
  public static RocksStore open(Path directory, RocksConfig config) {
    return open(directory, config, VIEWS_CLOSED_WITHIN);
  }

  static RocksStore open(Path directory, RocksConfig config, Duration viewsClosedWithin) {
    StoreDirectory prepared = new StoreDirectory(directory);
    prepared.recover();
    RocksSettings settings = new RocksSettings(config);
    try {
      return new RocksStore(prepared, settings, config, viewsClosedWithin);
    } catch (RuntimeException e) {
      settings.close();
      throw e;
    }
  }

  /**
   * Reads all of a checkpoint against its checksums.
   *
   * @return where it stands
   * @throws StoreException if it is damaged, not whole, or of another format
   */
  public static StoreHead verify(Path checkpoint) {
    try (RocksSettings settings = new RocksSettings(RocksConfig.DEFAULT)) {
      return RocksContent.inspect(checkpoint, settings, true);
    }
  }

  @Override
  public StateView committed() {
    return content.committed();
  }

  @Override
  public void commit(StateTransaction transaction, Position position) {
    content.commit(transaction, position);
  }

  @Override
  public void publish() {
    RocksSnapshot previous = published;
    published = content.snapshot();
    publishedHead = content.head();
    if (previous != null) {
      previous.letGo();
    }
  }

  @Override
  public View view() {
    RocksSnapshot snapshot = published;
    while (snapshot == null || !snapshot.hold()) {
      snapshot = snapshot == null ? awaitReplacement() : published;
    }
    return new RocksView(snapshot);
  }

  // A replacement holds the monitor until the new content is published.
  private synchronized RocksSnapshot awaitReplacement() {
    RocksSnapshot snapshot = published;
    if (snapshot == null) {
      throw new IllegalStateException("the store is closed");
    }
    return snapshot;
  }

  @Override
  public long publishedZxid() {
    return publishedHead.zxid();
  }

  @Override
  public Position position() {
    return content.head().position();
  }

  @Override
  public Position durablePosition() {
    return content.durablePosition();
  }

  @Override
  public TreeDigest digest() {
    return publishedHead.treeDigest();
  }

  @Override
  public void flush() {
    content.flush();
  }

  @Override
  public void flushAhead() {
    content.flushAhead();
  }

  @Override
  public void checkpoint(Path checkpoint) {
    content.flush();
    content.checkpoint(checkpoint);
    try {
      StoreDirectory.forceParent(checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot make " + checkpoint + " durable", e);
    }
  }

  @Override
  public synchronized void install(Path checkpoint, Consumer<View> beforePublished) {
    RocksContent.inspect(checkpoint, settings, false);
    unpublish();
    try {
      content.awaitUnused(viewsClosedWithin);
    } catch (StoreException e) {
      published = content.snapshot();
      throw e;
    }
    content.close();
    closed = true; // Until the new content is open, there is nothing to close.
    directory.replaceBy(checkpoint);
    content = RocksContent.open(directory.state(), settings, config);
    closed = false;
    directory.deleteRetired();
    try (View unpublished = new RocksView(content.snapshot())) {
      beforePublished.accept(unpublished);
    }
    publish();
  }

  private void unpublish() {
    RocksSnapshot last = published;
    published = null;
    if (last != null) {
      last.letGo();
    }
  }

  @Override
  public StoreFigures figures() {
    return content.figures(settings.statistics());
  }

  @Override
  public long diskBytes() {
    return directory.bytes();
  }

  /**
   * Closes the store without a flush.
   *
   * @throws StoreException if a view is still open after half a minute
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    unpublish();
    content.awaitUnused(viewsClosedWithin);
    closed = true;
    content.close();
    settings.close();
  }
}
