/// Starts the `pairbatch` command. Its rooms: `command` (what a user types), `deployment` (the stack that a command
/// talks to), `job`, `library` and `estimate` (what it does there), `stack` (the stacks that it starts and deploys),
/// `doctor`, `fault` and `view` (what is wrong, how it ends, how it looks).
@NullMarked
package io.pairbatch.cli;

import org.jspecify.annotations.NullMarked;
