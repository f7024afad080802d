package io.pairbatch.cli.estimate;

import io.pairbatch.backend.Backend;
import io.pairbatch.estimate.NoStore;
import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.pairs.InputFile;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import io.pairbatch.split.SplitCursor;
import io.pairbatch.split.Splitter;
import io.pairbatch.split.StandardRules;
import io.pairbatch.time.Deadline;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Looks at the table of a job whose specification is refused, so that all that is wrong is told at once.
public final class TableLook {

    /// What is wrong with the specification is known, and is not held back for long.
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private TableLook() {}

    /// The problems of a specification, and those of its table whatever the specification is.
    ///
    /// @param own what the job file says
    public static JobRejectedException with(JobRejectedException refused, InputFile table, ObjectNode own)
            throws IOException {
        List<Problem> all = new ArrayList<>(refused.problems());
        if (all.stream().noneMatch(TableLook::isOfTheTable)) {
            all.addAll(problems(table, own));
        }
        return new JobRejectedException(all);
    }

    /// What would be found again.
    private static boolean isOfTheTable(Problem problem) {
        return Stream.of("INPUT_", "SAMPLE_", "PAIRING_")
                .anyMatch(problem.code().code()::startsWith);
    }

    /// The same, where the job file is no JSON: it may say anything of the table.
    public static JobRejectedException withoutFields(JobRejectedException refused, InputFile table) throws IOException {
        return with(refused, table, field("texts_per_id", "any"));
    }

    private static List<Problem> problems(InputFile table, ObjectNode own) throws IOException {
        JobSpec spec;
        try {
            spec = spec(own);
        } catch (JobRejectedException e) {
            return List.of(); // nobody knows what its columns are called
        }
        ResolvedJob job = new ResolvedJob(
                JobId.ofFiles("", new byte[0], new byte[0]),
                Instant.EPOCH,
                "",
                new ResolvedJob.Source("", "", null, "", 0),
                spec);
        Deadline until = new Deadline(Instant.now().plus(PATIENCE), Clock.systemUTC());
        try {
            new Splitter(job, table, new NoStore(), Providers.format(spec.backend()))
                    .run(SplitCursor.START, until, segment -> {});
            return List.of();
        } catch (JobRejectedException e) {
            return e.problems();
        }
    }

    /// A job that says of the table what the refused one says, and is valid.
    private static JobSpec spec(ObjectNode own) throws IOException {
        ObjectNode fields = field("model", Backend.DEFAULT.demoModel());
        fields.put("trait_name", "overall_quality");
        ObjectNode more = fields.deepCopy();
        for (String name : List.of("max_bad_rows", "texts_per_id", "pairing", "max_comparisons", "columns")) {
            JsonNode value = own.get(name);
            if (value != null) {
                more.set(name, value);
            }
        }
        try {
            return read(more);
        } catch (JobRejectedException e) {
            if (own.hasNonNull("columns")) {
                throw e;
            }
            if (own.hasNonNull("pairing")) {
                // What it says of samples is wrong, but it does say that the table is one of samples.
                fields.putObject("pairing").put("design", "all");
                fields.put("max_comparisons", Integer.MAX_VALUE);
            }
            return read(fields);
        }
    }

    private static JobSpec read(ObjectNode fields) throws IOException {
        return StandardRules.reader().read(List.of(new SpecLayer("", fields)), name -> Optional.empty());
    }

    private static ObjectNode field(String name, String value) {
        return JsonNodeFactory.instance.objectNode().put(name, value);
    }
}
