package io.pairbatch.claim;

import io.pairbatch.job.JobId;
import io.pairbatch.job.ResolvedJob;
import io.pairbatch.provider.ProviderFormat;
import io.pairbatch.provider.RequestSketch;
import io.pairbatch.provider.catalog.Providers;
import io.pairbatch.spec.JobSpec;
import io.pairbatch.spec.JobSpecJson;
import io.pairbatch.spec.OptionsReader;
import io.pairbatch.text.Hex;
import io.pairbatch.text.Json;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// By whom and how pairs are judged: equal for two jobs that are given the same answers. An option counts only if the
/// requests would be others without it, so one that no request holds does not, nor a default that is written out.
///
/// @param text on one line or two
/// @param formerly what older versions made of the same specification, with every option that was set
public record Judgement(String text, String formerly) {

    /// That of a job.
    ///
    /// @param simulated whether the simulator answers: its answers are never those of a model
    public static Judgement of(JobSpec spec, boolean simulated) {
        String whom = simulated ? "\nsimulated" : "";
        return new Judgement(text(spec) + whom, JobSpecJson.judged(spec) + whom);
    }

    /// What a drop is known by again: equal for the same table, wherever its version, and fields that judge the same.
    ///
    /// @return 64 hex digits
    public String drop(ResolvedJob.Source source) {
        return Hex.sha256(JobId.text(source) + text);
    }

    /// The same as older versions knew it.
    String formerDrop(ResolvedJob.Source source) {
        return Hex.sha256(JobId.text(source) + formerly);
    }

    /// How pairs are judged, however they were made: those of a design, and the same pairs in a table, are the same.
    ///
    /// @param simulated whether the simulator answers
    static Judgement ofPairs(JobSpec spec, boolean simulated) {
        return of(spec.ofPairs(), simulated);
    }

    /// Whether two specifications judge pairs in the same way, whoever answers.
    public static boolean same(JobSpec one, JobSpec other) {
        return JobSpecJson.judged(one.ofPairs()).equals(JobSpecJson.judged(other.ofPairs()))
                || text(one.ofPairs()).equals(text(other.ofPairs()));
    }

    private static String text(JobSpec spec) {
        return spec.isPanel()
                ? spec.judges().stream()
                        .map(judge -> Json.MAPPER.writeValueAsString(judge.name()) + " "
                                + ofOne(JobSpecJson.judge(spec, judge, Providers::options)))
                        .collect(Collectors.joining("\n"))
                : ofOne(spec);
    }

    private static String ofOne(JobSpec spec) {
        ObjectNode all = JobSpecJson.tree(spec);
        ProviderFormat format = Providers.format(spec.backend());
        JsonNode sent = RequestSketch.of(format, spec);
        OptionsReader options = Providers.options(spec.backend());
        TreeSet<String> names = new TreeSet<>(options.texts());
        names.addAll(options.others());
        names.removeAll(options.ofCalls());
        ObjectNode judged = JobSpecJson.judged(all);
        for (String name : names) {
            JsonNode value = all.remove(name);
            if (value != null
                    && !RequestSketch.of(format, JobSpecJson.read(all, Providers::options))
                            .equals(sent)) {
                all.set(name, value);
            } else {
                judged.remove(name);
            }
        }
        return judged.toString();
    }
}
