package io.quoll.client;

import io.grpc.MethodDescriptor;
import io.quoll.api.v1.ResponseHeader;
import java.util.function.Function;

/**
 * A call of the contract.
 *
 * @param isWrite whether it may change the tree, so that it must not be sent twice
 * @param header where its reply carries the header
 */
record Operation<Q, R>(
    MethodDescriptor<Q, R> method, boolean isWrite, Function<R, ResponseHeader> header) {

  static <Q, R> Operation<Q, R> read(
      MethodDescriptor<Q, R> method, Function<R, ResponseHeader> header) {
    return new Operation<>(method, false, header);
  }

  static <Q, R> Operation<Q, R> write(
      MethodDescriptor<Q, R> method, Function<R, ResponseHeader> header) {
    return new Operation<>(method, true, header);
  }
}
