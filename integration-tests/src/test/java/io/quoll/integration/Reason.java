package io.quoll.integration;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;

/** What the contract calls an error that gRPC brings. */
final class Reason {
  private Reason() {}

  /** The reason in its ErrorInfo, such as {@code NO_NODE}; else the name of the status. */
  static String of(Throwable failure) {
    com.google.rpc.Status told = StatusProto.fromThrowable(failure);
    if (told != null) {
      for (Any detail : told.getDetailsList()) {
        if (detail.is(ErrorInfo.class)) {
          return unpacked(detail).getReason();
        }
      }
    }
    return Status.fromThrowable(failure).getCode().name();
  }

  private static ErrorInfo unpacked(Any detail) {
    try {
      return detail.unpack(ErrorInfo.class);
    } catch (InvalidProtocolBufferException garbled) {
      throw new IllegalStateException(garbled);
    }
  }
}
