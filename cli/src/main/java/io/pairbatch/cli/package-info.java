/// The `pairbatch` command: its subcommands, the deployment they talk to, what is printed and the exit codes.
@NullMarked
package io.pairbatch.cli;

import org.jspecify.annotations.NullMarked;
