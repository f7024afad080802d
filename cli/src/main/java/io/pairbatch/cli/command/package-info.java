/// The commands, one class each, and what they share. A new one is added in
/// [io.pairbatch.cli.command.PairbatchCommand].
@NullMarked
package io.pairbatch.cli.command;

import org.jspecify.annotations.NullMarked;
