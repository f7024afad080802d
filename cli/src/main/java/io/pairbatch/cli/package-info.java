/// Starts the `pairbatch` command. The commands are in `command`; they use `deployment` (the stack to talk to), `job`,
/// `library` and `estimate` (what a stack holds), `stack` (starts and deploys stacks), and `doctor`, `fault` and `view`
/// (problems, exit codes and output).
@NullMarked
package io.pairbatch.cli;

import org.jspecify.annotations.NullMarked;
