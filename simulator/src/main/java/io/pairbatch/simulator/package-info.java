/// A stand-in for the providers' batch APIs over HTTP, written from their documents: one life of a batch, one judge,
/// and
/// for each provider an [io.pairbatch.simulator.HttpApi] and an [io.pairbatch.simulator.BatchApi].
/// Stands alone: it shares no code with the functions that it tests.
@NullMarked
package io.pairbatch.simulator;

import org.jspecify.annotations.NullMarked;
