package io.pairbatch.cli.command;

import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.registry.JobState;
import io.pairbatch.spec.AnswerRules;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.Part;
import io.pairbatch.spec.SpecChange;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// What is said where a job's answers were read by other rules than a job file says.
final class OtherRules {

    private OtherRules() {}

    /// The sentence; null where the rules are the same.
    ///
    /// @param theirs how the job's answers are read now
    static @Nullable String of(Job job, JobSpec theirs, JobSpec ours) {
        List<String> names = names(theirs, ours);
        if (names.isEmpty()) {
            return null;
        }
        String before = names.stream()
                .map(name ->
                        name + " " + Shell.quoted(value(name, theirs.prompt().rules())))
                .collect(Collectors.joining(", "));
        boolean done = job.state() == JobState.DONE;
        return Cells.harmless("Its answers " + (done ? "were" : "are") + " read with " + before + "; "
                + (done ? "" : "once it is done, ") + command(job.id(), theirs, ours)
                + " reads them as this job file says.");
    }

    /// What a job file says otherwise than a finished job did, and no longer changes it; null where that is nothing.
    static @Nullable String notApplied(JobSpec theirs, JobSpec ours) {
        List<SpecChange> changes = new ArrayList<>(SpecChange.between(theirs, ours));
        changes.removeIf(change -> change.part() != Part.POLICY && change.part() != Part.PLAN);
        changes.addAll(SpecChange.ofOptions(
                theirs, ours, Providers.options(ours.backend()).ofResults()));
        return changes.isEmpty()
                ? null
                : Cells.harmless("Not applied, because that job is done: "
                        + changes.stream().map(SpecChange::toString).collect(Collectors.joining(", ")) + ".");
    }

    /// What has answers read as `wanted` says; null where the rules are the same.
    ///
    /// @param now how they are read
    static @Nullable String command(String jobId, JobSpec now, JobSpec wanted) {
        List<String> names = names(now, wanted);
        return names.isEmpty()
                ? null
                : "./pairbatch reread " + jobId
                        + names.stream()
                                .map(name -> " --" + name.replace('_', '-') + " "
                                        + Shell.quoted(
                                                value(name, wanted.prompt().rules())))
                                .collect(Collectors.joining());
    }

    private static List<String> names(JobSpec theirs, JobSpec ours) {
        return SpecChange.between(theirs, ours).stream()
                .filter(change -> change.part() == Part.READING)
                .map(SpecChange::name)
                .toList();
    }

    private static String value(String field, AnswerRules rules) {
        return switch (field) {
            case "tag_mode" -> rules.tagMode().code();
            case "ambiguous" -> rules.ambiguous().code();
            case "tag_prefix" -> rules.tagPrefix();
            case "tag_suffix" -> rules.tagSuffix();
            case "verdict_labels" ->
                rules.labels()
                        .map(labels -> JsonMapper.shared().writeValueAsString(labels.byName()))
                        .orElse("null");
            default -> throw new IllegalArgumentException(field);
        };
    }
}
