/** The tool {@code quoll}: its command line and its way through one command or a script. */
@NullMarked
package io.quoll.cli;

import org.jspecify.annotations.NullMarked;
