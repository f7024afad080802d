package io.pairbatch.chaos.provider;

import java.net.URI;

/// The configuration of a provider.
///
/// @param baseUrl as it is passed to the client
/// @param seed of IDs and all random choices of the provider
public record Setup(
        URI baseUrl, long seed, Clockwork clock, Judge judge, Faults faults, Courses courses, Limits limits) {

    /// A provider without faults.
    public static Setup of(URI baseUrl, long seed, Clockwork clock) {
        return new Setup(baseUrl, seed, clock, new Judge(seed), Faults.NONE, Courses.USUAL, Limits.USUAL);
    }

    public Setup with(Judge other) {
        return new Setup(baseUrl, seed, clock, other, faults, courses, limits);
    }

    public Setup with(Faults other) {
        return new Setup(baseUrl, seed, clock, judge, other, courses, limits);
    }

    public Setup with(Courses other) {
        return new Setup(baseUrl, seed, clock, judge, faults, other, limits);
    }

    public Setup with(Limits other) {
        return new Setup(baseUrl, seed, clock, judge, faults, courses, other);
    }
}
