package io.pairbatch.chaos;

import io.pairbatch.chaos.provider.Clockwork;
import io.pairbatch.chaos.provider.Course;
import io.pairbatch.chaos.provider.Courses;
import io.pairbatch.chaos.provider.Fault;
import io.pairbatch.chaos.provider.Fault.Progress;
import io.pairbatch.chaos.provider.Faults;
import io.pairbatch.chaos.provider.Lie;
import io.pairbatch.chaos.provider.Operation;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Loses the response to one create, and freezes the list from before it, so that it shows only older batches.
final class LostCreate {

    private final Weather.@Nullable Doubt doubt;
    private final Clockwork clock;
    private int creates;
    private Instant until = Instant.MIN;

    LostCreate(Weather.@Nullable Doubt doubt, Clockwork clock) {
        this.doubt = doubt == null || doubt.outlived() ? null : doubt;
        this.clock = clock;
    }

    Faults faults(Faults others) {
        return call -> {
            if (doubt != null && call.operation() == Operation.CREATE && ++creates == doubt.create()) {
                until = call.at().plus(doubt.span());
                return new Fault.Broken(Progress.DONE, false);
            }
            return others.next(call);
        };
    }

    Courses courses(Courses others) {
        return (model, requests, dice) -> {
            Course course = others.course(model, requests, dice);
            Instant now = clock.now();
            return now.isBefore(until)
                    ? course.lying(Lie.UNLISTED, Duration.ZERO, Duration.between(now, until))
                    : course;
        };
    }
}
