package io.quoll.integration.jmh;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.quoll.statemachine.command.EntryOutcome;
import io.quoll.statemachine.command.LogEntry;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * The apply of an entry with a hundred numbered writes, with the commit to RocksDB and without. A
 * figure is for the entry. Confined to one thread.
 */
@State(Scope.Thread)
public class ApplyBenchmark extends Microbenchmark {
  private final Path folder = newFolder();
  private final RocksStore store = RocksStore.open(folder.resolve("store"), RocksConfig.DEFAULT);
  private final SessionWrites writes = new SessionWrites(store);
  private LogEntry entry = writes.entry();

  private static Path newFolder() {
    try {
      return Files.createTempDirectory("quoll-jmh-");
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Makes the entry, which is no part of what is measured. */
  @Setup(Level.Invocation)
  public void makeEntry() {
    entry = writes.entry();
  }

  /** Decides what the writes come to. */
  @Benchmark
  public EntryOutcome apply() {
    return writes.apply(entry);
  }

  /** As {@link #apply}, and writes it to the store, where readers then see it. */
  @Benchmark
  public EntryOutcome applyAndCommit() {
    EntryOutcome outcome = writes.apply(entry);
    writes.commit(outcome);
    writes.advance();
    return outcome;
  }

  /** Removes the store. */
  @TearDown
  public void remove() throws IOException {
    store.close();
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
