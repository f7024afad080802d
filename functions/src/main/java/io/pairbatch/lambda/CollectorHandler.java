package io.pairbatch.lambda;

import io.pairbatch.registry.FencedException;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the collector: accounts for every row of one finished segment.
public final class CollectorHandler extends StepHandler {

    public CollectorHandler() {
        this(Surroundings.ofFunction());
    }

    public CollectorHandler(Surroundings around) {
        super(around);
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        OpenJob job = wiring.jobs.open(fence(event));
        Account account = wiring.jobs.account(job, deadline);
        int segment = event.required("segment").intValue();
        if (!wiring.collecting().collect(job, account, segment)) {
            return outcome("later");
        }
        wiring.retention().collected(job, account, segment, deadline);
        return outcome("go");
    }
}
