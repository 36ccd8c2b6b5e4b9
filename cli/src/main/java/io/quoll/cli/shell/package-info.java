/** The interactive shell: lines that somebody types, and one session that they share. */
@NullMarked
package io.quoll.cli.shell;

import org.jspecify.annotations.NullMarked;
