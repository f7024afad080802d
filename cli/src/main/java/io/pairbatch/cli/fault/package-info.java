/// The errors that end a command, and the exit codes.
@NullMarked
package io.pairbatch.cli.fault;

import org.jspecify.annotations.NullMarked;
