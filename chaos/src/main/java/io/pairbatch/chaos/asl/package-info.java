/// An interpreter of the state machine's file: the states, errors and JSONata that it uses, and nothing else.
@NullMarked
package io.pairbatch.chaos.asl;

import org.jspecify.annotations.NullMarked;
