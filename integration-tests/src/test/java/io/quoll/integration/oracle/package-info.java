/**
 * ZooKeeper as the oracle: {@code integration-tests/run oracle}. Random streams of operations are
 * done by Quoll and by a real ZooKeeper, step by step, and all that their clients can see is
 * compared.
 */
@NullMarked
package io.quoll.integration.oracle;

import org.jspecify.annotations.NullMarked;
