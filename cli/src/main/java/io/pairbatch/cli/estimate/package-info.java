/// What a job will send and cost, before anything is sent: its files are read as the stack will read them, and nothing
/// is written.
@NullMarked
package io.pairbatch.cli.estimate;

import org.jspecify.annotations.NullMarked;
