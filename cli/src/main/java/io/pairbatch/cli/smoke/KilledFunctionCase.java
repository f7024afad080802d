package io.pairbatch.cli.smoke;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.StackFunction;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// AWS ends the merger in the middle of its work. So that this takes minutes and not as long as a batch, the job is one
/// that is done, that of `copied-parts`: the answers of a segment are fetched once more, which costs nothing, and all
/// is merged again. The other functions ask the provider, and begin nothing for which too little time is left; the
/// merger does a piece of its work in every call.
final class KilledFunctionCase implements Case {

    private static final String MERGER = "merger";
    private static final int ONE_SECOND = 1;
    private static final int SEGMENT = 1;
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

    @Override
    public String name() {
        return "killed-function";
    }

    @Override
    public String shows() {
        return "the merger is ended after 1 s while copied-parts is merged again; no row is lost, none is sent twice";
    }

    @Override
    public boolean lowersTimeouts() {
        return true;
    }

    @Override
    public SmokeJob prepare(Bench bench) throws IOException {
        return CopiedPartsCase.job(bench, name());
    }

    @Override
    public String check(SmokeJob job) throws IOException, InterruptedException {
        Job done = job.await();
        List<Workings.Batch> before = job.sentOnce(done);
        String earlier = job.bench().workings().execution(done.id());
        // Whoever may not see the kill shall not cause it.
        job.bench().workings().ended(earlier);
        long kills;
        try (LoweredTimeout lowered = LoweredTimeout.to(ONE_SECOND, MERGER, job.bench())) {
            lowered.tell();
            collectAgain(job, done, before);
            kills = awaitKill(job, done, earlier);
        }
        Job again = job.awaitAgain(done);
        String rows = job.conserved(again).files().line();
        if (!job.sentOnce(again).equals(before)) {
            throw Bench.failed(
                    "The batches of job " + again.id() + " are not those from before.",
                    "Compare the registry with the list of batches on the provider's site, and report it.");
        }
        if (kills == 0) {
            throw new SkippedException(
                    "The merger needed no more than " + ONE_SECOND + " s for a call, so nothing was ended. " + rows
                            + ".",
                    "Type the command again; Lambda may be slower then.");
        }
        return rows + " after " + kills + (kills == 1 ? " kill" : " kills") + ", the same batches as before";
    }

    private static void collectAgain(SmokeJob job, Job done, List<Workings.Batch> batches) {
        String batch = batches.stream()
                .filter(b -> b.segment() == SEGMENT)
                .findFirst()
                .orElseThrow()
                .id();
        ObjectNode event = JsonMapper.shared()
                .createObjectNode()
                .put("job_id", done.id())
                .put("segment", SEGMENT)
                .put("decide", "collect_again")
                .put("batch_id", batch);
        try (StackFunction reviver = job.bench().reviver().get()) {
            JsonNode answer = reviver.call(event);
            // `noted`: an execution is at work on it already.
            if (!Set.of("started", "noted").contains(answer.path("outcome").asString(""))) {
                throw Bench.failed(
                        "The stack does not fetch the answers of job " + done.id() + " again: "
                                + answer.path("message").asString(answer.toString()),
                        answer.path("remedy").asString(job.bench().command("doctor " + done.id())));
            }
        }
    }

    /// Waits until the merger was ended, or is done.
    ///
    /// @return how often it was ended so far
    private static long awaitKill(SmokeJob job, Job done, String earlier) throws InterruptedException {
        Workings workings = job.bench().workings();
        Instant end = job.bench().clock().instant().plus(PATIENCE);
        while (true) {
            String execution = workings.execution(done.id());
            long kills = execution.equals(earlier) ? 0 : workings.ended(execution);
            Optional<Job> now = job.bench().session().jobs().read(done.id()).map(JobSnapshot::job);
            boolean over = now.isPresent()
                    && now.get().state().atRest()
                    && !Objects.equals(now.get().finishedAt(), done.finishedAt());
            if (kills > 0 || over || !job.bench().clock().instant().isBefore(end)) {
                return kills;
            }
            job.bench().pause().of(BETWEEN_LOOKS);
        }
    }
}
