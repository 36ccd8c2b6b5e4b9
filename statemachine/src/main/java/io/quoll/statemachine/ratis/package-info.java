/** The state machine as Ratis sees it: a thin adapter between the log and the store. */
@NullMarked
package io.quoll.statemachine.ratis;

import org.jspecify.annotations.NullMarked;
