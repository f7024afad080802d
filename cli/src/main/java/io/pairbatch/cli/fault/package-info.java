/// What ends a command early, and the exit codes. Uses nothing else of ours.
@NullMarked
package io.pairbatch.cli.fault;

import org.jspecify.annotations.NullMarked;
