/// What ends a command early, and the exit codes.
@NullMarked
package io.pairbatch.cli.fault;

import org.jspecify.annotations.NullMarked;
