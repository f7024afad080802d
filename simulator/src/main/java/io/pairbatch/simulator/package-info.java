/// A stand-in for OpenAI's Files and Batches APIs over HTTP, written from the provider's documents.
/// Stands alone: it shares no code with the functions that it tests.
@NullMarked
package io.pairbatch.simulator;

import org.jspecify.annotations.NullMarked;
