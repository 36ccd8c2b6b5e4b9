package io.quoll.server.consensus;

import com.google.common.collect.ImmutableList;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.protocol.RaftPeerId;

/** A log that commits only when a test says so, and writes down what it is asked for. */
final class FakeProposalLog implements ProposalLog {
  private final List<String> told = new ArrayList<>();
  private final List<byte[]> appended = new ArrayList<>();
  private final Deque<CompletableFuture<Object>> inFlight = new ArrayDeque<>();
  private ImmutableList<RaftPeerId> behind = ImmutableList.of();
  private int leaderId;
  private long commitIndex = -1;
  private boolean leads;
  private boolean broken;

  /** Lets entries be committed up to {@code index}, which the {@code followers} do not know. */
  void commit(long index, String... followers) {
    commitIndex = index;
    behind =
        ImmutableList.copyOf(followers).stream()
            .map(RaftPeerId::valueOf)
            .collect(ImmutableList.toImmutableList());
  }

  /** Makes another server the leader. */
  void follow(int leader) {
    leaderId = leader;
  }

  /** Makes this server the leader. */
  void lead() {
    leads = true;
  }

  /** The first entry that is in flight was applied. */
  void applyNext() {
    inFlight.remove().complete("done");
  }

  /** Makes every call fail from now on, as by a defect. */
  void breakDown() {
    broken = true;
  }

  /** Whom the commit index was told, in order. */
  List<String> told() {
    return told;
  }

  /** The entries that were appended. */
  List<byte[]> appended() {
    return appended;
  }

  @Override
  public boolean isLeaderReady() {
    if (broken) {
      throw new IllegalStateException("a defect, for the test");
    }
    return leads;
  }

  @Override
  public int leaderId() {
    return leaderId;
  }

  @Override
  public long commitIndex() {
    return commitIndex;
  }

  @Override
  public CompletableFuture<?> append(byte[] entry) {
    appended.add(entry);
    CompletableFuture<Object> applied = new CompletableFuture<>();
    inFlight.add(applied);
    return applied;
  }

  @Override
  public ImmutableList<RaftPeerId> membersBehindCommit() {
    return behind;
  }

  @Override
  public CompletableFuture<?> tellCommitIndex(RaftPeerId follower) {
    told.add(follower.toString());
    return new CompletableFuture<>();
  }
}
