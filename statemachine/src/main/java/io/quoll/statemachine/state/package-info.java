/**
 * The replicated tree as values: znodes, their paths, and the view and transaction through which
 * commands and queries see them. Knows no other package of Quoll, no clock, no thread and no file.
 */
@NullMarked
package io.quoll.statemachine.state;

import org.jspecify.annotations.NullMarked;
