package io.pairbatch.lambda;

import io.pairbatch.registry.FencedException;
import io.pairbatch.step.Deadline;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the merger: puts the segments' files together and ends the job.
public final class MergerHandler extends StepHandler {

    private final Wiring wiring = new Wiring();

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        boolean merged = wiring.merging().merge(wiring.jobs.open(fence(event)));
        return outcome(merged ? "quiet" : "poll");
    }
}
