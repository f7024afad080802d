package io.pairbatch.provider;

/// How much one batch of a provider may hold.
///
/// @param requests lines of one file
/// @param bytes size of one file
/// @param requestBytes size of one line
public record BatchLimits(int requests, long bytes, int requestBytes) {}
