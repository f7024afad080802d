package io.pairbatch.panel;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.Problem;
import io.pairbatch.registry.FencedException;
import io.pairbatch.registry.JobItem;
import io.pairbatch.registry.JobRegistry;
import io.pairbatch.registry.JobState;
import io.pairbatch.step.JudgeJobs;
import io.pairbatch.step.OpenJob;
import io.pairbatch.step.Stop;
import io.pairbatch.text.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Has the jobs of several judges begin and go on, and waits for their ends. Each is a job like any other: what is said
/// of its batches is said in its own registry, and it is revived by itself.
public final class PanelStep {

    /// A job that should go on, and of which nothing is seen for this many looks, is started once more.
    private static final int LOOKS = 3;

    private final JobRegistry registry;
    private final JudgeJobs judges;

    public PanelStep(JobRegistry registry) {
        this.registry = registry;
        this.judges = new JudgeJobs(registry);
    }

    /// What comes next.
    public enum Next {
        WAIT,
        /// Some of their jobs are to be started.
        JUDGE,
        MERGE,
        STOP
    }

    /// What a look has found.
    ///
    /// @param stop why the job cannot go on
    public record Look(Next next, @Nullable Stop stop) {}

    /// The inputs of the executions that are to be started: one that starts a job which is at work does no harm.
    public List<ObjectNode> starts(OpenJob panel) throws FencedException {
        List<ObjectNode> starts = new ArrayList<>();
        List<Integer> epochs = new ArrayList<>();
        for (JudgeJobs.One one : judges.of(panel.resolved())) {
            int from = from(panel, one);
            JobItem item = one.item();
            if (item == null) {
                if (!panel.item().cancelled()) {
                    starts.add(Json.MAPPER
                            .createObjectNode()
                            .put("panel", panel.id())
                            .put("judge", one.number()));
                }
            } else if (item.epoch() < from) {
                starts.add(start(item, from).setAll(wish(panel)));
            } else if (item.state().stopped()) {
                // A rejected one has sent nothing, and never will.
                from = Math.toIntExact(item.epoch() + 1);
                starts.add(start(item, from));
            }
            epochs.add(from);
        }
        registry.recordJudgeEpochs(panel.fence(), epochs);
        return starts;
    }

    private static ObjectNode start(JobItem job, int epoch) {
        return Json.MAPPER.createObjectNode().put("job_id", job.jobId()).put("epoch", epoch);
    }

    private static ObjectNode wish(OpenJob panel) {
        String wish = panel.item().judgeWish();
        return wish == null ? Json.MAPPER.createObjectNode() : (ObjectNode) Json.MAPPER.readTree(wish);
    }

    /// The epoch by which a judge's job must have gone on before its end counts.
    private static int from(OpenJob panel, JudgeJobs.One one) {
        List<Integer> epochs = panel.item().judgeEpochs();
        return one.number() <= epochs.size() ? epochs.get(one.number() - 1) : 0;
    }

    /// Looks how the judges' jobs stand.
    ///
    /// @param looks how often it was looked before
    public Look look(OpenJob panel, int looks) {
        List<Standing> all = standings(panel);
        if (all.stream().anyMatch(standing -> standing.at() == At.EXPECTED)) {
            return new Look(looks % LOOKS == LOOKS - 1 ? Next.JUDGE : Next.WAIT, null);
        }
        if (all.stream().anyMatch(standing -> standing.at() == At.WORK)) {
            return new Look(Next.WAIT, null);
        }
        List<Standing> stopped =
                all.stream().filter(standing -> standing.at() == At.REST).toList();
        return stopped.isEmpty() ? new Look(Next.MERGE, null) : new Look(Next.STOP, stop(stopped, all.size()));
    }

    private enum At {
        /// It has not begun, or has not gone on as it was asked.
        EXPECTED,
        WORK,
        /// It has stopped before its end.
        REST,
        END
    }

    /// The judges' jobs whose results are merged, when all have come to their end.
    ///
    /// @return empty if one has not
    public Optional<List<Judged>> judged(OpenJob panel) {
        List<Standing> all = standings(panel);
        return all.stream().allMatch(standing -> standing.at() == At.END)
                ? Optional.of(all.stream()
                        .flatMap(standing -> Stream.ofNullable(standing.item())
                                .filter(item -> item.state() == JobState.DONE)
                                .map(item -> new Judged(standing.one().judge(), item)))
                        .toList())
                : Optional.empty();
    }

    /// What one of the judges has judged.
    ///
    /// @param judge its name
    /// @param item the job that has its results
    public record Judged(String judge, JobItem item) {}

    /// How a judge's job stands.
    private record Standing(
            JudgeJobs.One one, At at, @Nullable JobItem item) {}

    private List<Standing> standings(OpenJob panel) {
        return judges.of(panel.resolved()).stream()
                .map(one -> standing(panel, one))
                .toList();
    }

    private Standing standing(OpenJob panel, JudgeJobs.One one) {
        JobItem item = one.item();
        if (item == null) {
            return new Standing(one, panel.item().cancelled() ? At.END : At.EXPECTED, null);
        }
        if (item.epoch() < from(panel, one)) {
            return new Standing(one, At.EXPECTED, item);
        }
        return new Standing(one, at(item.state()), item);
    }

    private static At at(JobState state) {
        return switch (state) {
            case DONE, CANCELLED -> At.END;
            case FAILED, WAITING_FOR_KEY, WAITING_FOR_DECISION, REJECTED, DUPLICATE, DELETING -> At.REST;
            // One that a newer version works on goes on.
            case SPLITTING, RUNNING, MERGING, CANCELLING, WAITING_FOR_SPEC, UNKNOWN -> At.WORK;
        };
    }

    /// What waits for a person goes before what has failed. Where every judge's job was rejected, so is this one.
    private static Stop stop(List<Standing> stopped, int all) {
        Set<JobState> states = stopped.stream()
                .map(standing -> Objects.requireNonNull(standing.item()).state())
                .collect(Collectors.toSet());
        boolean rejected = stopped.size() == all && states.equals(Set.of(JobState.REJECTED));
        JobState state = rejected
                ? JobState.REJECTED
                : Stream.of(JobState.WAITING_FOR_DECISION, JobState.WAITING_FOR_KEY)
                        .filter(states::contains)
                        .findFirst()
                        .orElse(JobState.FAILED);
        return Stop.of(
                state,
                stopped.stream().map(standing -> problem(standing, rejected)).toList());
    }

    /// @param rejected whether every job was: the code is then that of the rejection
    private static Problem problem(Standing standing, boolean rejected) {
        JobItem item = Objects.requireNonNull(standing.item());
        String message = Objects.requireNonNullElse(item.errorMessage(), "no reason is recorded");
        return new Problem(
                rejected ? known(item.errorCode()) : ErrorCode.JUDGE_STOPPED,
                "judge " + standing.one().judge() + ", job " + item.jobId(),
                "that it is " + item.state().words() + ": "
                        + message.lines().findFirst().orElse(message),
                "its end: ./pairbatch doctor " + item.jobId() + " says what to do");
    }

    private static ErrorCode known(@Nullable String code) {
        return Optional.ofNullable(code).flatMap(ErrorCode::of).orElse(ErrorCode.JUDGE_STOPPED);
    }
}
