/// The commands, one class each, and what they share. [io.pairbatch.cli.command.PairbatchCommand] lists them all.
@NullMarked
package io.pairbatch.cli.command;

import org.jspecify.annotations.NullMarked;
