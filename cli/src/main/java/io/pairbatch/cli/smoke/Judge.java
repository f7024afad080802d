package io.pairbatch.cli.smoke;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.estimate.Estimator;
import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.job.DropBuilder;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.provider.Service;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.SpecLayer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Who judges the pairs of a smoke test, and which jobs are its own.
///
/// @param number of the test: another one makes other jobs
/// @param fields of every job, as `--set` takes them
public record Judge(Backend backend, String model, int number, Map<String, String> fields) {

    /// The field `run` of the jobs is beyond those that people use: a job of theirs is never taken for one of these.
    private static final int RUNS = 1_000;

    /// The highest number of a test.
    public static final int MOST = 1_000_000;

    /// More than an answer needs, and little enough that a model that thinks for long costs little.
    private static final String MOST_TOKENS = "4096";

    /// Names of the field that limits an answer.
    private static final List<String> CAPS = List.of("max_completion_tokens", "max_output_tokens");

    /// The judge of a stack.
    ///
    /// @param backend null for the stack's own
    /// @param model null for a cheap one
    /// @param example a table with a job file beside it
    public static Judge of(
            Deployment deployment, @Nullable Backend backend, @Nullable String model, int number, Path example)
            throws IOException {
        Backend asked = backend == null ? usual(deployment) : backend;
        String judge = model == null ? cheap(deployment, asked) : model;
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("backend", asked.code());
        fields.put("model", '"' + judge + '"');
        fields.put("run", Integer.toString(RUNS + number));
        // Each segment has one batch, and no pair is paid twice.
        fields.put("max_attempts", "1");
        fields.put("interval_seconds", deployment.costsMoney() ? "30" : "1");
        fields.put("per_job_delay", "0");
        Deployment.Providers providers = deployment.providers();
        Service service = providers == null
                ? Providers.itself()
                : Providers.service(providers.service()).orElseThrow();
        return new Judge(asked, judge, number, Map.copyOf(capped(fields, example, service)));
    }

    private static Backend usual(Deployment deployment) throws IOException {
        Deployment.Providers providers = deployment.providers();
        String defaults = providers == null ? "{}" : providers.defaults();
        SpecLayer layer = SpecLayer.parse(
                "the stack's defaults", new ByteArrayInputStream(defaults.getBytes(StandardCharsets.UTF_8)));
        return Backend.of(layer.fields().path("backend").asString(Backend.DEFAULT_CODE));
    }

    private static String cheap(Deployment deployment, Backend backend) {
        return deployment.simulated().isPresent()
                ? backend.demoModel()
                : PriceTable.bundled().cheapest(backend).orElse(backend.demoModel());
    }

    /// With a limit of an answer's length, so that what the jobs cost at most is known. Providers and models call it
    /// differently, and some have one by themselves.
    private static Map<String, String> capped(Map<String, String> fields, Path example, Service service)
            throws IOException {
        if (isCapped(fields, example, service)) {
            return fields;
        }
        for (String cap : CAPS) {
            Map<String, String> with = new LinkedHashMap<>(fields);
            with.put(cap, MOST_TOKENS);
            try {
                if (isCapped(with, example, service)) {
                    return with;
                }
            } catch (CliException e) {
                // The model does not take this one.
            }
        }
        return fields;
    }

    private static boolean isCapped(Map<String, String> fields, Path example, Service service) throws IOException {
        try {
            JobSpec spec = Estimator.glance(DropBuilder.build(example, null, fields, null), service);
            return Providers.of(spec.backend()).outputCap(spec).isPresent();
        } catch (JobRejectedException e) {
            throw CliException.usage(
                    "The jobs of the smoke test would be rejected: " + e.getMessage() + ".",
                    "Choose another judge with --provider and --model.");
        }
    }
}
