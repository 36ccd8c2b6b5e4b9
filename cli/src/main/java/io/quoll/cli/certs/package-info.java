/** Certificates for a trial. Knows nothing of the rest of the tool. */
@NullMarked
package io.quoll.cli.certs;

import org.jspecify.annotations.NullMarked;
