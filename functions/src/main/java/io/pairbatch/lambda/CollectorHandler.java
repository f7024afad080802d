package io.pairbatch.lambda;

import io.pairbatch.registry.FencedException;
import io.pairbatch.step.Account;
import io.pairbatch.step.Deadline;
import io.pairbatch.step.OpenJob;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the collector: accounts for every row of one finished segment.
public final class CollectorHandler extends StepHandler {

    private final Wiring wiring = new Wiring();

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        OpenJob job = wiring.jobs.open(fence(event));
        Account account = wiring.jobs.account(job);
        int segment = event.required("segment").intValue();
        wiring.collecting().collect(job, account, segment);
        wiring.retention().collected(job, account, segment, deadline);
        return outcome("go");
    }
}
