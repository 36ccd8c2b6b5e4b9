/**
 * Backups in files: written from what a server streams, read and checked without one. The form of a
 * backup is that of {@code backup.proto}.
 */
@NullMarked
package io.quoll.client.backup;

import org.jspecify.annotations.NullMarked;
