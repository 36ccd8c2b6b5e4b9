package io.quoll.client;

import com.google.common.collect.Iterators;
import io.grpc.CallOptions;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.quoll.api.v1.BackupPart;
import io.quoll.api.v1.ClusterServiceGrpc;
import io.quoll.api.v1.CreateBackupRequest;
import io.quoll.client.backup.BackupFile;
import io.quoll.client.backup.BackupInfo;
import java.io.IOException;
import java.util.Iterator;

/** The calls that stream backups, which may take long and so have no deadline. Thread-safe. */
final class BackupCalls {
  private final Caller caller;

  BackupCalls(Caller caller) {
    this.caller = caller;
  }

  BackupInfo create(BackupFile file, boolean stale) throws IOException {
    for (int server = 1; ; server++) {
      Connection connection = caller.connections().current();
      try {
        return file.write(Iterators.transform(begin(connection, stale), BackupPart::toByteString));
      } catch (StatusRuntimeException thrown) {
        Failure failure = caller.failures().judge(thrown, false, true, connection.address());
        if (failure.next() == Failure.Next.FAIL || server >= caller.serverCount()) {
          throw failure.exception();
        }
        caller.connections().leave(connection); // Another server has the same tree.
      }
    }
  }

  private static Iterator<BackupPart> begin(Connection connection, boolean stale) {
    return ClientCalls.blockingServerStreamingCall(
        connection.channel(),
        ClusterServiceGrpc.getCreateBackupMethod(),
        CallOptions.DEFAULT,
        CreateBackupRequest.newBuilder().setStale(stale).build());
  }
}
