package io.pairbatch.chaos.provider;

import java.net.URI;

/// What a provider is made of.
///
/// @param baseUrl as it is given to the client
/// @param seed of ids and of all that the provider leaves to chance
public record Setup(
        URI baseUrl, long seed, Clockwork clock, Judge judge, Faults faults, Courses courses, Limits limits) {

    /// A provider with which all goes well.
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
