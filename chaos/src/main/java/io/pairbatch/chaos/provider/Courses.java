package io.pairbatch.chaos.provider;

import java.time.Duration;

/// Decides the future of a batch; called once, when it is created.
@FunctionalInterface
public interface Courses {

    /// A minute of validation, some minutes of work, and nothing goes wrong.
    Courses USUAL = (model, requests, dice) -> Course.completing(
            dice.with(1).between(Duration.ofSeconds(10), Duration.ofSeconds(60)),
            dice.with(2).between(Duration.ofMinutes(2), Duration.ofMinutes(30)),
            dice.with(3).between(Duration.ofSeconds(10), Duration.ofSeconds(60)));

    /// The course of a new batch.
    ///
    /// @param requests how many there are
    /// @param dice random source of this batch
    Course course(String model, int requests, Dice dice);
}
