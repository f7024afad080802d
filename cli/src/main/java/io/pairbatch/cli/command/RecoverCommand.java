package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.deployment.Session;
import io.pairbatch.cli.deployment.Sessions;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;
import io.pairbatch.cli.job.Job;
import io.pairbatch.cli.job.JobSnapshot;
import io.pairbatch.cli.job.StackFunction;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Command(
        name = "recover",
        description = {
            "Rebuilds a job's registry, of which items are lost or damaged, from its files in S3 and the provider's list, says"
                    + " what was found, and has the job go on. No batch is created twice."
        },
        mixinStandardHelpOptions = true)
final class RecoverCommand implements Callable<Integer> {

    private static final int LONGEST_WAIT_SECONDS = 120;

    private final App app;
    private final Function<Deployment, StackFunction> revivers;

    @Parameters(paramLabel = "JOB", description = "The job's id, or the beginning of it.")
    private String job = "";

    @Mixin
    private FollowOptions follow = new FollowOptions();

    @Mixin
    private StackOption stack = new StackOption();

    RecoverCommand(App app) {
        this(app, Sessions::reviver);
    }

    RecoverCommand(App app, Function<Deployment, StackFunction> revivers) {
        this.app = app;
        this.revivers = revivers;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (Session session = app.open(stack.name)) {
            String id = id(session);
            Optional<Job> before = session.jobs().read(id).map(JobSnapshot::job);
            JsonNode found = recover(session, id);
            PrintWriter print = app.console().out();
            print.println("Job " + id + ": " + found.path("found").asString("")
                    + (before.isEmpty() ? "; the job itself was not in the registry" : ""));
            print.println("Job " + id + " continues");
            return follow.follow(app, session, id, following -> wait(following, session, id, before), end -> {
                tellDoubts(session, id, found);
                return null;
            });
        }
    }

    /// A job may be gone from the registry: its folder in the bucket has its name, too.
    private String id(Session session) {
        List<String> ids = session.bucket().folders("jobs/").stream()
                .filter(folder -> folder.startsWith(job))
                .toList();
        if (ids.contains(job)) {
            return job;
        }
        if (ids.size() != 1) {
            throw CliException.usage(
                    (ids.isEmpty() ? "There is no job" : "There are " + ids.size() + " jobs") + " whose id begins with "
                            + job + " in the bucket.",
                    ids.isEmpty() ? "./pairbatch jobs lists the jobs." : "Give more of the id.");
        }
        return ids.getFirst();
    }

    private JsonNode recover(Session session, String id) {
        try (StackFunction reviver = revivers.apply(session.deployment())) {
            JsonNode answer = reviver.call(
                    JsonMapper.shared().createObjectNode().put("job_id", id).put("recover", true));
            if (!answer.path("step").asString("").equals("recover")) {
                throw CliException.usage(
                        "The stack is older than this command: it was asked to continue the job, and nothing was rebuilt.",
                        "Bring it up to date (./pairbatch deploy, or ./pairbatch down and ./pairbatch up), then type the command again.");
            }
            if (!answer.path("outcome").asString("").equals("started")) {
                String found = answer.path("found").asString("");
                throw CliException.usage(
                        answer.path("message").asString("It was refused.")
                                + (found.isEmpty() ? "" : " Its registry has " + found + "."),
                        answer.path("remedy").asString("See the log of the stack's function `reviver`."));
            }
            return answer;
        }
    }

    private Job wait(Following following, Session session, String id, Optional<Job> before)
            throws InterruptedException {
        if (before.isPresent()) {
            return following.followStarted(before.get());
        }
        awaitRegistered(session, id);
        return following.follow(id, null, Following.goesOn(id));
    }

    private void awaitRegistered(Session session, String id) throws InterruptedException {
        for (int i = 0; i < LONGEST_WAIT_SECONDS; i++) {
            if (session.jobs().read(id).isPresent()) {
                return;
            }
            app.pause().of(Duration.ofSeconds(1));
        }
        throw new CliException(
                ExitStatus.UNREACHABLE,
                "After " + LONGEST_WAIT_SECONDS / 60 + " minutes the job is not back in the registry.",
                "That goes on by itself; look at the stack's executions.");
    }

    /// What became of the segments that only the provider's list could tell of.
    private void tellDoubts(Session session, String id, JsonNode found) {
        int looked = found.path("segments").path("in_list").asInt(0);
        if (looked == 0) {
            return;
        }
        long doubts = session.jobs()
                .read(id)
                .map(now -> (long) now.segments().inDoubt())
                .orElse(0L);
        app.console()
                .out()
                .println("Of " + looked + " looked for in the provider's list, " + Math.min(doubts, looked)
                        + (doubts == 1 ? " is" : " are") + " in doubt"
                        + (doubts == 0 ? "" : ": ./pairbatch doctor " + id));
    }
}
