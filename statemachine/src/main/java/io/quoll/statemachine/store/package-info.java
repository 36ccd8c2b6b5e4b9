/**
 * Where the replicated state is kept: one contract, on RocksDB for servers and in memory as the
 * model that tests compare with. The only home of RocksDB.
 */
@NullMarked
package io.quoll.statemachine.store;

import org.jspecify.annotations.NullMarked;
