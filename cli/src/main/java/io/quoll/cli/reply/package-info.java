/** What commands answer, as text in ZooKeeper's words or as JSON. */
@NullMarked
package io.quoll.cli.reply;

import org.jspecify.annotations.NullMarked;
