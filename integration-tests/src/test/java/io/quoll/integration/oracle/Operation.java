package io.quoll.integration.oracle;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.Immutable;
import io.quoll.client.CreateMode;
import io.quoll.client.WatchKind;
import io.quoll.client.WatchMode;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What a session asks for. Paths are relative to the root of the trial, which is the empty path;
 * see {@link Root}. A watcher is one of the session's few, by number, or {@link #NO_WATCHER}.
 */
@Immutable
sealed interface Operation {
  /** No watch is to be left; for a removal, watches whoever they tell. */
  int NO_WATCHER = -1;

  /** Asks the client; the answer comes in the order of the session's events. */
  CompletableFuture<Seen> by(Client client);

  /** An operation that may be a part of a multi. */
  @Immutable
  sealed interface Write extends Operation {}

  /** Creates a znode. */
  record Create(String path, @Nullable String data, CreateMode mode, long ttlMillis)
      implements Write {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.create(this);
    }
  }

  /** Deletes a znode. */
  record Delete(String path, int version) implements Write {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.delete(this);
    }
  }

  /** Replaces the data of a znode. */
  record SetData(String path, @Nullable String data, int version) implements Write {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.setData(this);
    }
  }

  /** Checks the version of a znode; by itself it is a multi of one. */
  record Check(String path, int version) implements Write {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.multi(new Multi(ImmutableList.of(this)));
    }
  }

  /** Several writes or none. */
  record Multi(ImmutableList<Write> parts) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.multi(this);
    }
  }

  /** A read that may be a part of a multi-read. */
  @Immutable
  sealed interface Read extends Operation {}

  /** Data and stat. */
  record GetData(String path, int watcher) implements Read {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.data(this);
    }
  }

  /** Children and stat. */
  record GetChildren(String path, int watcher) implements Read {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.children(this);
    }
  }

  /** Several reads of one state; their watchers count for nothing. */
  record MultiRead(ImmutableList<Read> parts) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.multiRead(this);
    }
  }

  /** The stat, if there is such a znode. */
  record Exists(String path, int watcher) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.exists(this);
    }
  }

  /** How many znodes there are below. */
  record CountAll(String path) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.countAll(this);
    }
  }

  /** The session's ephemeral znodes whose paths begin so. */
  record Ephemerals(String pathPrefix) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.ephemerals(this);
    }
  }

  /** Waits for what was acknowledged before. */
  record Sync(String path) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.sync(this);
    }
  }

  /** Leaves a watch that stays. */
  record AddWatch(String path, WatchMode mode, int watcher) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.addWatch(this);
    }
  }

  /** Removes watches. */
  record RemoveWatches(String path, WatchKind kind, int watcher) implements Operation {
    @Override
    public CompletableFuture<Seen> by(Client client) {
      return client.removeWatches(this);
    }
  }
}
