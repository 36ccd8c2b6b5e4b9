/** Load on an ensemble, and what of it is measured; of Quoll, or of what it is compared with. */
@NullMarked
package io.quoll.cli.bench;

import org.jspecify.annotations.NullMarked;
