/** What the suites of {@code integration-tests/run} have in common. */
@NullMarked
package io.quoll.integration.suite;

import org.jspecify.annotations.NullMarked;
