/** Many commands from a file over one connection, with the effect of one after the other. */
@NullMarked
package io.quoll.cli.script;

import org.jspecify.annotations.NullMarked;
