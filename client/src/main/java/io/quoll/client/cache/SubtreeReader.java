package io.quoll.client.cache;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Iterables;
import io.quoll.client.AsyncQuollSession;
import io.quoll.client.ChildrenPage;
import io.quoll.client.ErrorCode;
import io.quoll.client.EventType;
import io.quoll.client.MultiReadOutcome;
import io.quoll.client.PageRequest;
import io.quoll.client.QuollException;
import io.quoll.client.Read;
import io.quoll.client.ReadResult;
import io.quoll.client.WatchEvent;
import io.quoll.client.ZnodeData;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reads what changed in a subtree until nothing is left to read, and then hands all of it over.
 *
 * <p>The reply to a read comes after the events of every change that it shows. So when a reply
 * shows the tree at a zxid and nothing that was told until then is left to read, what was read
 * before is as it is at that zxid too.
 *
 * <p>Confined to the session's executor.
 */
final class SubtreeReader {
  /** How many znodes are asked for at once. */
  private static final int READS_MAX = 500;

  private static final long RETRY_MILLIS = 100;

  private final AsyncQuollSession session;
  private final String root;
  private final BiConsumer<Long, Map<String, Optional<ZnodeData>>> publish;
  private final Consumer<QuollException> fail;

  /** What is to be read; what is read with its children is in {@code listed} too. */
  private final Set<String> wanted = new HashSet<>();

  private final Set<String> listed = new HashSet<>();

  /** The further pages of lists of children. */
  private final Deque<Read.Children> pages = new ArrayDeque<>();

  private final Map<String, Optional<ZnodeData>> found = new TreeMap<>();

  private boolean isReading;

  SubtreeReader(
      AsyncQuollSession session,
      String root,
      BiConsumer<Long, Map<String, Optional<ZnodeData>>> publish,
      Consumer<QuollException> fail) {
    this.session = session;
    this.root = root;
    this.publish = publish;
    this.fail = fail;
  }

  /** Reads the whole subtree. */
  void readAll() {
    readAgain(ImmutableList.of());
  }

  /** Reads the whole subtree, and these paths, which may be gone. */
  void readAgain(List<String> known) {
    wanted.addAll(known);
    wanted.addAll(found.keySet());
    list(root);
    read();
  }

  private void list(String path) {
    wanted.add(path);
    listed.add(path);
  }

  void changed(WatchEvent event) {
    wanted.add(event.path());
    if (event.type() != EventType.NODE_DATA_CHANGED && !event.path().equals(root)) {
      wanted.add(parent(event.path())); // Its stat counts its children.
    }
    read();
  }

  private static String parent(String path) {
    int slash = path.lastIndexOf('/');
    return slash <= 0 ? "/" : path.substring(0, slash);
  }

  private void read() {
    if (isReading || (wanted.isEmpty() && pages.isEmpty())) {
      return;
    }
    List<Read> reads = new ArrayList<>();
    for (String path : ImmutableList.copyOf(Iterables.limit(wanted, READS_MAX))) {
      wanted.remove(path);
      reads.add(new Read.GetData(path));
      if (listed.remove(path)) {
        reads.add(new Read.Children(path, PageRequest.first()));
      }
    }
    while (reads.size() < READS_MAX && !pages.isEmpty()) {
      reads.add(pages.remove());
    }
    isReading = true;
    var unused =
        session
            .multiRead(reads)
            .whenCompleteAsync(
                (outcome, failure) -> read(reads, outcome, failure), session.executor());
  }

  private void read(
      List<Read> reads, @Nullable MultiReadOutcome outcome, @Nullable Throwable failure) {
    isReading = false;
    if (failure != null) {
      failed(reads, QuollException.in(failure));
      return;
    }
    if (outcome == null) {
      throw new IllegalStateException("neither an outcome nor a failure");
    }
    for (int i = 0; i < reads.size(); i++) {
      take(reads.get(i), outcome.results().get(i));
    }
    if (!wanted.isEmpty() || !pages.isEmpty()) {
      read();
      return;
    }
    Map<String, Optional<ZnodeData>> whole = new TreeMap<>(found);
    found.clear();
    publish.accept(outcome.zxid(), whole);
  }

  private void failed(List<Read> reads, QuollException failure) {
    switch (failure.code()) {
      case CLOSED, SESSION_EXPIRED, BAD_ARGUMENTS -> fail.accept(failure);
      default -> {
        reads.forEach(this::again);
        CompletableFuture.delayedExecutor(RETRY_MILLIS, TimeUnit.MILLISECONDS, session.executor())
            .execute(this::read);
      }
    }
  }

  private void again(Read read) {
    if (read instanceof Read.Children children) {
      if (children.page().pageToken().isEmpty()) {
        list(children.path());
      } else {
        pages.add(children);
      }
    } else {
      wanted.add(read.path());
    }
  }

  private void take(Read read, ReadResult result) {
    if (result instanceof ReadResult.Data data) {
      found.put(read.path(), Optional.of(data.znode()));
    } else if (result instanceof ReadResult.Children children && read instanceof Read.Children of) {
      takeChildren(of, children.page());
    } else if (result instanceof ReadResult.Failed failed) {
      if (failed.code() == ErrorCode.LIMIT_EXCEEDED) {
        again(read); // The answer held too much already.
      } else {
        found.put(read.path(), Optional.empty());
      }
    }
  }

  private void takeChildren(Read.Children read, ChildrenPage page) {
    String prefix = read.path().equals("/") ? "/" : read.path() + "/";
    page.children().forEach(child -> list(prefix + child.name()));
    if (!page.isLast()) {
      pages.add(
          new Read.Children(read.path(), PageRequest.first().withPageToken(page.nextPageToken())));
    }
  }
}
