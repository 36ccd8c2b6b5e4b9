/**
 * Quoll and ZooKeeper side by side: {@code integration-tests/run bench}. README.md there tells how
 * it is made that both have the same chances.
 */
@NullMarked
package io.quoll.integration.bench;

import org.jspecify.annotations.NullMarked;
