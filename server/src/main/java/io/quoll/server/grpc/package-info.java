/** The gRPC front end: turns bytes into commands and queries, and results into bytes. */
@NullMarked
package io.quoll.server.grpc;

import org.jspecify.annotations.NullMarked;
