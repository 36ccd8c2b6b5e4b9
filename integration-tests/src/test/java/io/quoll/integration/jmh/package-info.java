/**
 * What the hot parts cost that wait for nothing, measured by JMH: {@code integration-tests/run
 * jmh}.
 */
@NullMarked
package io.quoll.integration.jmh;

import org.jspecify.annotations.NullMarked;
