/**
 * What happens on bad days: real servers on hosts that fail by a schedule that a seed decides, and
 * clients that know what must be true all the same.
 */
@NullMarked
package io.quoll.integration.fault;

import org.jspecify.annotations.NullMarked;
