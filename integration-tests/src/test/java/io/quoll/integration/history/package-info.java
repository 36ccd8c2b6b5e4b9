/**
 * What clients saw while servers were killed, and whether it is what was promised: {@code
 * integration-tests/run histories}. A {@link io.quoll.integration.history.History} is recorded by
 * clients; each {@link io.quoll.integration.history.Check} knows one promise, and each {@link
 * io.quoll.integration.history.Mutation} breaks one, so that it is known that the checks can fail.
 */
@NullMarked
package io.quoll.integration.history;

import org.jspecify.annotations.NullMarked;
