/** The verbs of the command line: what each takes, and the command that it makes of its words. */
@NullMarked
package io.quoll.cli.verb;

import org.jspecify.annotations.NullMarked;
