/// Explains what is wrong with a job or a deployed stack, and what to do about it. The check of the machine is in
/// `stack`, beside the classes that need the machine.
@NullMarked
package io.pairbatch.cli.doctor;

import org.jspecify.annotations.NullMarked;
