/**
 * The bytes in the log and on disk, versioned, and apart from the gRPC contract so that each may
 * evolve on its own.
 */
@NullMarked
package io.quoll.statemachine.codec;

import org.jspecify.annotations.NullMarked;
