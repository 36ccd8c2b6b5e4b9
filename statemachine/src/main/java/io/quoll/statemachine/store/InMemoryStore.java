package io.quoll.statemachine.store;

import io.quoll.statemachine.state.Genesis;
import io.quoll.statemachine.state.StateTransaction;
import io.quoll.statemachine.state.StateView;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * The state in memory, as simple as it can be: the model that tests compare {@link RocksStore}
 * with. A publication copies the whole tree.
 */
public final class InMemoryStore implements StateStore {
  private static final String FILE = "tree";

  private final HistoryLimits historyLimits;
  private InMemoryTree committed;
  private volatile InMemoryTree published;
  private volatile Position position = Position.NONE;
  private volatile Position flushed = Position.NONE;

  /** A store of the fresh tree, which keeps as much history as is usual. */
  public InMemoryStore() {
    this(HistoryLimits.DEFAULT);
  }

  /** A store of the fresh tree. */
  public InMemoryStore(HistoryLimits historyLimits) {
    this.historyLimits = historyLimits;
    committed = new InMemoryTree(StoreHead.genesis(), new InMemoryHistory(historyLimits, 0));
    committed.putRows(Genesis.rows());
    published = new InMemoryTree(committed);
  }

  @Override
  public StateView committed() {
    return committed;
  }

  @Override
  public void commit(StateTransaction transaction, Position next) {
    committed.apply(transaction, next);
    position = next;
  }

  @Override
  public void publish() {
    published = new InMemoryTree(committed);
  }

  @Override
  public View view() {
    return published;
  }

  @Override
  public long publishedZxid() {
    return published.zxid();
  }

  @Override
  public Position position() {
    return position;
  }

  @Override
  public Position durablePosition() {
    return flushed;
  }

  @Override
  public TreeDigest digest() {
    return published.head().treeDigest();
  }

  @Override
  public void flush() {
    flushed = position;
  }

  @Override
  public void checkpoint(Path directory) {
    flush();
    try {
      Files.createDirectory(directory);
      InMemoryFile.write(committed, directory.resolve(FILE));
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write the checkpoint " + directory, e);
    }
  }

  @Override
  public void install(Path checkpoint, Consumer<View> beforePublished) {
    Path file = checkpoint.resolve(FILE);
    if (!Files.exists(file)) {
      throw new StoreException("there is no store in " + checkpoint);
    }
    try {
      committed = InMemoryFile.read(file, historyLimits);
      Files.delete(file);
      Files.delete(checkpoint);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install the checkpoint " + checkpoint, e);
    }
    beforePublished.accept(new InMemoryTree(committed));
    position = committed.head().position();
    flush();
    publish();
  }

  @Override
  public long diskBytes() {
    return 0;
  }

  @Override
  public void close() {}
}
