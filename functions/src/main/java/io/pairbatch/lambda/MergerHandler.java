package io.pairbatch.lambda;

import io.pairbatch.merge.MergeStep;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the merger: puts the segments' files together and ends the job.
public final class MergerHandler extends StepHandler {

    public MergerHandler() {
        this(Surroundings.ofFunction());
    }

    public MergerHandler(Surroundings around) {
        super(around);
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        OpenJob job = wiring.jobs.open(fence(event));
        if (job.resolved().spec().isPanel()) {
            boolean merged = wiring.panelMerging().merge(job);
            return merged ? announce(wiring.announcer().of(job.id(), JobState.DONE, null)) : outcome("poll");
        }
        List<String> notices = wiring.retention().merging(job, () -> wiring.jobs.account(job, deadline), deadline);
        List<String> strays = wiring.lastLook().look(job, until -> wiring.jobs.account(job, until), deadline);
        MergeStep.Outcome merged = wiring.merging()
                .merge(job, Stream.concat(strays.stream(), notices.stream()).toList(), deadline);
        return switch (merged) {
            case DONE -> announce(wiring.announcer().of(job.id(), JobState.DONE, null));
            case PAUSED -> outcome("merge");
            case NOT_YET -> outcome("poll");
        };
    }
}
