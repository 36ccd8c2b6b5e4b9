/** The one door between the front ends and the replicated state. Knows neither gRPC nor Ratis. */
@NullMarked
package io.quoll.server.coordination;

import org.jspecify.annotations.NullMarked;
