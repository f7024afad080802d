/// What is wrong with a job or a deployed stack, in words, and what to do about it. What a machine lacks is found in
/// `stack`, beside the classes that need it.
@NullMarked
package io.pairbatch.cli.doctor;

import org.jspecify.annotations.NullMarked;
