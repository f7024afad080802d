package io.pairbatch.cli.doctor;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.job.Advice;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobFault;
import io.pairbatch.cli.view.Cells;
import io.pairbatch.problem.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Explains why a job stopped, to readers who do not know Pairbatch.
public final class FaultText {

    private static final int INDENT = 11;

    /// What is meant to be pasted, with the sign that ends it in a sentence.
    private static final Pattern COMMAND =
            Pattern.compile("`((?:iconv|gunzip|tr|jq|write\\.csv|import pandas)[^`]* [^`]*)`[.;]?(?: |$)");

    private FaultText() {}

    /// The lines to print, wrapped at `width` cells.
    public static List<String> of(Job job, JobFault fault, Deployment deployment, int width) {
        List<String> lines = new ArrayList<>(wrapped(headline(job), width, 0));
        lines.addAll(ofProblems(fault.problems(), width));
        if (fault.problems().isEmpty()) {
            lines.addAll(ofMessage(fault, width));
        }
        lines.add("");
        lines.addAll(wrapped(next(job, fault, deployment), width, 0));
        return lines;
    }

    /// Each problem with a blank line before it.
    static List<String> ofProblems(List<JobFault.Problem> problems, int width) {
        List<String> lines = new ArrayList<>();
        problems.forEach(problem -> {
            lines.add("");
            lines.addAll(ofProblem(problem, width));
        });
        return lines;
    }

    private static String headline(Job job) {
        String id = "Job " + job.id();
        return switch (job.state()) {
            case REJECTED -> id + " was rejected. Nothing was sent to the provider.";
            case FAILED -> id + " failed.";
            case DUPLICATE -> id + " sent nothing: another job judges the same.";
            case CANCELLED -> id + " was cancelled.";
            case WAITING_FOR_KEY -> id + " waits for the provider's API key, or for credit.";
            case WAITING_FOR_DECISION ->
                id + " waits for a decision: it is unknown whether the provider has accepted some batches.";
            case WAITING_FOR_SPEC ->
                id
                        + (job.isTooDeep()
                                ? " waits in a folder in which no job starts."
                                : " waits: its folder lacks job.json, or a file that job.json names.");
            case DELETING -> id + " is being deleted.";
            case SPLITTING, RUNNING, MERGING, DONE, CANCELLING, UNKNOWN ->
                id + " is " + job.state().words() + ".";
        };
    }

    /// Whether the provider has refused what was sent, and not for the key.
    static boolean isRefused(Job job) {
        return ErrorCode.PROVIDER_REFUSED.name().equals(job.errorCode());
    }

    private static String next(Job job, JobFault fault, Deployment deployment) {
        String files = "s3://" + deployment.bucket() + "/jobs/" + job.id() + "/";
        if (fault.code().startsWith("PREFLIGHT_")) {
            return "A corrected job.json makes a new job; dropping the same files again repeats the request. Files: "
                    + files;
        }
        return switch (job.state()) {
            case FAILED ->
                (isRefused(job)
                                ? "What the provider refuses as it is, it refuses again: correct it, and run the table"
                                        + " again. Once it is mended at the provider, "
                                : "Batches that the provider has accepted are kept: ")
                        + "./pairbatch continue " + job.id() + " goes on with the job. Files so far: " + files;
            case WAITING_FOR_KEY ->
                deployment.leavesOut(backend(job))
                        ? "Once a deployment has " + backend(job).code()
                                + " again and its key is in the secret, the job" + " continues."
                        : "Put {\"api_key\": \"…\"} into the secret " + deployment.secretArn(backend(job));
            case WAITING_FOR_SPEC ->
                job.isTooDeep()
                        ? "Put the files directly into inbox/NAME/; the job then starts, and ./pairbatch jobs shows it."
                        : "Put the missing file into the folder; the job then starts, and ./pairbatch jobs shows it.";
            case DELETING -> "./pairbatch delete " + job.id() + " continues the deletion.";
            default -> "Files: " + files;
        };
    }

    static Backend backend(Job job) {
        return job.backend() == null ? Backend.DEFAULT : Backend.of(job.backend());
    }

    private static List<String> ofProblem(JobFault.Problem problem, int width) {
        List<String> lines = new ArrayList<>();
        lines.add(Cells.harmless(problem.code()));
        addField(lines, "where", problem.where(), width);
        addField(lines, "found", problem.found(), width);
        addField(lines, "expected", problem.expected(), width);
        addField(lines, "remedy", problem.remedy(), width);
        return lines;
    }

    private static void addField(List<String> lines, String label, String value, int width) {
        if (!value.isBlank()) {
            List<String> wrapped = withCommands(value, width - INDENT);
            for (int i = 0; i < wrapped.size(); i++) {
                lines.add(String.format("  %-9s", i == 0 ? label : "") + wrapped.get(i));
            }
        }
    }

    /// `text` in lines of at most `width` cells. A command in it has a line of its own, whole and without the signs
    /// around it, however long it is: one that is broken does something else when it is pasted.
    private static List<String> withCommands(String text, int width) {
        List<String> lines = new ArrayList<>();
        Matcher command = COMMAND.matcher(text);
        int from = 0;
        while (command.find()) {
            lines.addAll(wrapped(text.substring(from, command.start()), width, 0));
            lines.add("  " + Cells.harmless(command.group(1)));
            from = command.end();
        }
        String rest = text.substring(from);
        if (from == 0 || !rest.isBlank()) {
            lines.addAll(wrapped(rest, width, 0));
        }
        return lines;
    }

    private static List<String> ofMessage(JobFault fault, int width) {
        List<String> lines = new ArrayList<>();
        fault.message().lines().forEach(line -> lines.addAll(wrapped(line, width, 2)));
        if (!fault.remedy().isBlank()) {
            lines.addAll(wrapped(fault.remedy(), width, 2));
        }
        if (!lines.isEmpty()) {
            lines.addFirst("");
        }
        return lines;
    }

    /// What a person can do: for which pairs and why, and below it what to type.
    public static List<String> lines(Advice.Step step, int width) {
        List<String> lines = new ArrayList<>(wrapped(step.says(), width, 0));
        lines.add("  " + Cells.harmless(step.typed()));
        return lines;
    }

    /// `text` in lines of at most `width` cells; a longer word gets a line of its own.
    public static List<String> wrapped(String text, int width, int indent) {
        return Cells.wrapped(text, width, indent);
    }
}
