package io.quoll.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.grpc.Status;
import io.quoll.api.v1.BackupContent;
import io.quoll.api.v1.BackupEnd;
import io.quoll.api.v1.BackupManifest;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.BackupZnode;
import io.quoll.api.v1.CreateBackupRequest;
import io.quoll.api.v1.TakeSnapshotRequest;
import io.quoll.api.v1.TakeSnapshotResponse;
import io.quoll.server.coordination.HeldSnapshot;
import io.quoll.server.grpc.GrpcHarness.Failure;
import io.quoll.statemachine.command.Caller;
import io.quoll.statemachine.command.Command;
import io.quoll.statemachine.command.Create;
import io.quoll.statemachine.command.CreateMode;
import io.quoll.statemachine.command.OpenSession;
import io.quoll.statemachine.command.Outcome;
import io.quoll.statemachine.state.Acl;
import io.quoll.statemachine.state.Identities;
import io.quoll.statemachine.state.Identity;
import io.quoll.statemachine.state.Session;
import io.quoll.statemachine.store.Position;
import io.quoll.statemachine.store.RocksConfig;
import io.quoll.statemachine.store.RocksStore;
import io.quoll.statemachine.store.TreeDigest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupServiceTest {
  private static final int LARGE_ZNODES = 40;
  private static final int LARGE_BYTES = 100_000;

  private final GrpcHarness grpc = new GrpcHarness();
  private final AtomicInteger letGo = new AtomicInteger();
  @TempDir private Path folder;

  @AfterEach
  void close() {
    grpc.close();
  }

  @Test
  void aBackupHasAManifestThenAllZnodesTheEphemeralOnesLastThenAnEnd() throws Exception {
    TreeDigest digest = holdSnapshot();

    List<BackupContent> contents = new ArrayList<>();
    grpc.cluster()
        .createBackup(CreateBackupRequest.getDefaultInstance())
        .forEachRemaining(part -> contents.add(content(part)));

    BackupManifest manifest = contents.get(0).getManifest();
    assertThat(manifest.getFormatVersion()).isEqualTo(1);
    assertThat(manifest.getZxid()).isEqualTo(digest.zxid());
    assertThat(manifest.getTreeDigest()).isEqualTo(digest.value());
    assertThat(manifest.getTerm()).isEqualTo(3);
    assertThat(manifest.getServerId()).isEqualTo(1);
    ImmutableList<BackupZnode> znodes =
        contents.stream()
            .flatMap(content -> content.getZnodes().getZnodesList().stream())
            .collect(ImmutableList.toImmutableList());
    assertThat(znodes).hasSize(4 + 3 + LARGE_ZNODES);
    assertThat(znodes.get(0).getPath()).isEqualTo("/");
    BackupZnode last = znodes.get(znodes.size() - 1);
    assertThat(last.getPath()).isEqualTo("/e");
    assertThat(last.getEphemeralOwner()).isEqualTo(1);
    assertThat(znodes).filteredOn(BackupZnode::hasEphemeralOwner).hasSize(1);
    assertThat(znodes).filteredOn(BackupZnode::getContainer).hasSize(1);
    assertThat(contents.get(contents.size() - 1).getEnd())
        .isEqualTo(
            BackupEnd.newBuilder()
                .setZnodes(4 + 3 + LARGE_ZNODES)
                .setEphemerals(1)
                .setDataBytes(LARGE_ZNODES * LARGE_BYTES + 2)
                .build());
    assertThat(contents).extracting(BackupContent::getIndex).isSorted().doesNotHaveDuplicates();
    assertThat(contents.size()).isGreaterThan(LARGE_ZNODES / 3);
    assertThat(letGo).hasValue(1);
  }

  @Test
  void withoutASnapshotThereIsNoBackup() {
    Failure failure =
        GrpcHarness.failureOf(
            () -> grpc.cluster().createBackup(CreateBackupRequest.getDefaultInstance()).next());

    assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(failure.info().getReason()).isEqualTo("OVERLOADED");
  }

  @Test
  void aSnapshotIsTakenAndToldOf() {
    Object unused = holdSnapshot();

    TakeSnapshotResponse taken =
        grpc.cluster().takeSnapshot(TakeSnapshotRequest.getDefaultInstance());

    assertThat(taken.getTerm()).isEqualTo(3);
    assertThat(taken.getIndex()).isEqualTo(LARGE_ZNODES + 3);
    assertThat(letGo).hasValue(1);
  }

  private TreeDigest holdSnapshot() {
    try (RocksStore store = RocksStore.open(folder.resolve("store"), RocksConfig.DEFAULT)) {
      byte[] secret = new byte[Session.SECRET_BYTES];
      apply(store, 0, new OpenSession(ByteString.copyFrom(secret), 1_000));
      apply(store, 1, Create.at("/e", CreateMode.EPHEMERAL, 0, ByteString.EMPTY, Acl.OPEN));
      apply(store, 0, Create.at("/c", CreateMode.CONTAINER, 0, null, Acl.OPEN));
      apply(store, 0, Create.at("/z", false, ByteString.copyFromUtf8("zz"), Acl.READABLE));
      for (int i = 0; i < LARGE_ZNODES; i++) {
        ByteString data = ByteString.copyFrom(new byte[LARGE_BYTES]);
        apply(store, 0, Create.at("/z/" + i, false, data, Acl.OPEN));
      }
      Path path = folder.resolve("snapshot");
      store.checkpoint(path);
      store.publish();
      grpc.consensus.setSnapshot(
          new HeldSnapshot(path, 3, LARGE_ZNODES + 3, letGo::incrementAndGet));
      return store.digest();
    }
  }

  private static void apply(RocksStore store, long session, Command command) {
    Caller caller = Caller.session(session, 1, 0, 0, Identities.of(Identity.SUPER));
    Outcome outcome = Outcome.of(command, caller, store.committed(), 1_000);
    store.commit(outcome.transaction(), new Position(3, store.position().index() + 1));
  }

  private static BackupContent content(BackupPart part) {
    try {
      return BackupContent.parseFrom(part.getContent());
    } catch (InvalidProtocolBufferException garbled) {
      throw new AssertionError(garbled);
    }
  }
}
