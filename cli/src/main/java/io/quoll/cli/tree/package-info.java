/** The ensemble as the verbs see it, by calls without a session or through one. */
@NullMarked
package io.quoll.cli.tree;

import org.jspecify.annotations.NullMarked;
