/// The `pairbatch` command: its subcommands, the deployment they talk to, what is printed and the exit codes.
/// Uses `cli.job`, `cli.view` and, through [io.pairbatch.cli.StackStarter], the embedded stack.
@NullMarked
package io.pairbatch.cli;

import org.jspecify.annotations.NullMarked;
