package io.pairbatch.step;

import io.pairbatch.provider.BatchProvider;

/// A provider opened with the deployment's key.
///
/// @param window names what shares the provider's window of enqueued work: provider, key fingerprint and model
public record Account(BatchProvider provider, String window) {}
