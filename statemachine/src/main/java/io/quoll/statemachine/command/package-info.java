/**
 * The writes: each command is a pure function of the state, the zxid and the stamped time. Nothing
 * here knows Ratis, RocksDB, gRPC or protobuf messages, and nothing asks the time.
 */
@NullMarked
package io.quoll.statemachine.command;

import org.jspecify.annotations.NullMarked;
