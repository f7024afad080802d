/// An interpreter for the state machine's file: it supports only the states, errors and JSONata that the file uses.
@NullMarked
package io.pairbatch.chaos.asl;

import org.jspecify.annotations.NullMarked;
