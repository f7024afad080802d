/// Finds the stack that a command is for, and opens a session to talk to it.
@NullMarked
package io.pairbatch.cli.deployment;

import org.jspecify.annotations.NullMarked;
