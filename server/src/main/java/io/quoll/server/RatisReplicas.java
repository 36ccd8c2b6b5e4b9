package io.quoll.server;

import io.quoll.server.consensus.ConsensusConfig;
import io.quoll.server.consensus.RatisConsensus;
import io.quoll.server.coordination.ExitCode;
import io.quoll.server.coordination.FatalHandler;
import io.quoll.server.coordination.StartupException;
import io.quoll.statemachine.ratis.AppliedListener;
import io.quoll.statemachine.store.HistoryLimits;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.StateStore;
import io.quoll.statemachine.store.StoreException;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** Replicas on Ratis, with their state on RocksDB. */
final class RatisReplicas implements ReplicaFactory {
  @Override
  public StateStore openStore(Path dataDirectory, HistoryLimits history) {
    Path directory = dataDirectory.resolve("store");
    try {
      return RocksStore.open(directory, RocksConfig.DEFAULT.withHistory(history));
    } catch (StoreException failure) {
      throw new StartupException(
          ExitCode.BAD_DATA_DIRECTORY,
          "The store in %s: %s".formatted(directory, failure.getMessage()));
    } catch (UncheckedIOException failure) {
      throw new StartupException(
          ExitCode.STORAGE_FAILED,
          "Cannot open the store in %s: %s".formatted(directory, failure.getMessage()));
    }
  }

  @Override
  public Replica prepare(
      ConsensusConfig config, StateStore store, AppliedListener listener, FatalHandler fatal) {
    RatisConsensus consensus = new RatisConsensus(config, store, listener, fatal);
    return new Replica(
        consensus, () -> start(consensus), consensus::close, consensus::lastAliveNanos);
  }

  private static void start(RatisConsensus consensus) {
    try {
      consensus.start();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StartupException(ExitCode.UNEXPECTED, "Interrupted while starting");
    }
  }
}
