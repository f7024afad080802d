package io.pairbatch.lambda;

import io.pairbatch.panel.PanelStep;
import io.pairbatch.poll.PollReport;
import io.pairbatch.poll.PollStep;
import io.pairbatch.registry.FencedException;
import io.pairbatch.step.Account;
import io.pairbatch.step.OpenJob;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Entry point of the poller: one round over a job's open batches.
public final class PollerHandler extends StepHandler {

    private final PollStep poller;

    public PollerHandler() {
        this(Surroundings.ofFunction());
    }

    public PollerHandler(Surroundings around) {
        super(around);
        poller = wiring.poller();
    }

    @Override
    ObjectNode handle(JsonNode event, Deadline deadline) throws IOException, FencedException {
        OpenJob job = wiring.jobs.open(fence(event));
        if (job.resolved().spec().isPanel()) {
            return look(job, event.path("unchanged").asInt(0));
        }
        Account account = wiring.jobs.account(job, deadline);
        PollReport report = poller.poll(job, account, event.path("unchanged").asInt(0), deadline);
        wiring.retention().polled(job, account, deadline);
        if (report.unchanged() == 0) {
            wiring.registryFile.write(job, report.segments());
        }
        ObjectNode answer =
                report.stop() == null ? outcome(report.next().name().toLowerCase(Locale.ROOT)) : stop(report.stop());
        answer.put("wait_seconds", report.waitSeconds()).put("unchanged", report.unchanged());
        ArrayNode toCollect = answer.putArray("to_collect");
        report.toCollect().forEach(toCollect::add);
        if (report.next() == PollReport.Next.WAIT) {
            nextLook(job, report.waitSeconds());
        }
        return answer;
    }

    /// A job of several judges has no batches of its own.
    private ObjectNode look(OpenJob panel, int looks) {
        PanelStep.Look look = wiring.panel().look(panel, looks);
        int interval = panel.resolved().spec().polling().intervalSeconds();
        ObjectNode answer =
                look.stop() == null ? outcome(look.next().name().toLowerCase(Locale.ROOT)) : stop(look.stop());
        answer.put("wait_seconds", interval).put("unchanged", looks + 1);
        if (look.next() == PanelStep.Next.WAIT) {
            nextLook(panel, interval);
        }
        return answer;
    }
}
