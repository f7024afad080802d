/// Simulates the providers' batch APIs over HTTP, written from their documents: this package starts and controls it,
/// each provider has a package of its own, and the other packages are what the providers share. It shares no code with
/// the functions that it tests.
@NullMarked
package io.pairbatch.simulator;

import org.jspecify.annotations.NullMarked;
