/** The reads: each query is a pure function of a view of the state. */
@NullMarked
package io.quoll.statemachine.query;

import org.jspecify.annotations.NullMarked;
