package io.pairbatch.spec;

import io.pairbatch.problem.ErrorCode;
import io.pairbatch.problem.JobRejectedException;
import io.pairbatch.problem.Problem;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads a job of several judges. Each is read as a job of its own would be: its fields are the nearest layer, and a
/// null there removes what the job has. All problems are reported together, each once.
final class PanelReader {

    private static final String FIELD = "judges";
    private static final Set<String> OWN =
            JobFields.OF_JUDGES.stream().map(Field::name).collect(Collectors.toUnmodifiableSet());

    private final SpecRules rules;
    private final Each each;
    private final Set<Problem> problems = new LinkedHashSet<>();

    /// Reads a job of one judge.
    @FunctionalInterface
    interface Each {

        JobSpec read(List<SpecLayer> layers) throws IOException;
    }

    /// @param each reads each judge's layers, nearest first
    PanelReader(SpecRules rules, Each each) {
        this.rules = rules;
        this.each = each;
    }

    /// The layer that names judges; null if a job has only one.
    static @Nullable SpecLayer layer(List<SpecLayer> layers) {
        for (SpecLayer layer : layers) {
            JsonNode judges = SpecFields.value(layer, FIELD);
            if (judges != null) {
                return judges.isArray() && judges.isEmpty() ? null : layer;
            }
        }
        return null;
    }

    /// The values of a field of all judges.
    static Stream<JsonNode> values(List<SpecLayer> layers, String field) {
        SpecLayer layer = layer(layers);
        return layer == null
                ? Stream.empty()
                : layer.fields().path(FIELD).valueStream().map(judge -> judge.path(field));
    }

    /// Reads the job.
    ///
    /// @param at the layer that names the judges
    /// @throws JobRejectedException with all problems
    JobSpec read(List<SpecLayer> layers, SpecLayer at) throws IOException {
        JsonNode judges = at.fields().path(FIELD);
        List<SpecLayer> shared = layers.stream().map(PanelReader::withoutJudges).toList();
        if (!judges.isArray() || judges.size() > JudgesField.MOST) {
            reject(at, FIELD, SpecFields.shown(judges), "a list of 1 to " + JudgesField.MOST + " judges");
            throw rejected();
        }
        Map<String, JobSpec> read = new LinkedHashMap<>();
        Map<String, Integer> names = new LinkedHashMap<>();
        Set<String> backends = backends(judges, shared);
        for (int i = 0; i < judges.size(); i++) {
            String place = FIELD + "[" + (i + 1) + "]";
            if (!(judges.get(i) instanceof ObjectNode judge)) {
                reject(at, place, SpecFields.shown(judges.get(i)), "an object such as {\"model\": \"NAME\"}");
                continue;
            }
            String name = name(at, place, judge, shared);
            Integer other = names.putIfAbsent(name.toLowerCase(Locale.ROOT), i + 1);
            if (other != null) {
                problems.add(problem(
                        ErrorCode.SPEC_CONFLICT,
                        nearest(at, place, judge),
                        Judge.NAME,
                        "the name " + SpecFields.shown(name) + ", which judge " + other + " has",
                        "a `name` for each judge, unlike the others'"));
            }
            JobSpec spec = judge(at, place, judge, shared, backends);
            if (spec != null && other == null) {
                twice(at, place, name, spec, read);
                read.put(name, spec);
            }
        }
        if (!problems.isEmpty()) {
            throw rejected();
        }
        JobSpec first = read.values().iterator().next().withMaxCost(Optional.empty());
        ObjectNode job = JobSpecJson.tree(first);
        return first.judging(read.entrySet().stream()
                .map(judge -> Judge.of(judge.getKey(), job, JobSpecJson.tree(judge.getValue())))
                .toList());
    }

    private @Nullable JobSpec judge(
            SpecLayer at, String place, ObjectNode judge, List<SpecLayer> shared, Set<String> backends)
            throws IOException {
        ObjectNode own = JsonNodeFactory.instance.objectNode();
        Set<String> removed = new LinkedHashSet<>();
        judge.properties().forEach(field -> {
            if (field.getKey().equals(Judge.NAME)) {
                return;
            }
            if (field.getValue().isNull()) {
                removed.add(field.getKey());
            } else {
                own.set(field.getKey(), field.getValue());
            }
            if (isOfJob(field.getKey())) {
                problems.add(problem(
                        ErrorCode.SPEC_CONFLICT,
                        nearest(at, place, own),
                        field.getKey(),
                        "a field of the whole job",
                        "this field beside `judges`, where it is the same for all of them"));
                own.remove(field.getKey());
            }
        });
        if (own.has(JobFields.TRAIT_NAME.name())) {
            // A description that all others share is that of their trait.
            removed.add(JobFields.TRAIT_DESCRIPTION.name());
        }
        SpecLayer nearest = nearest(at, place, own);
        String backend = backend(own, shared);
        List<SpecLayer> layers = new ArrayList<>(List.of(nearest));
        shared.forEach(layer -> layers.add(with(layer, removed, backend, backends)));
        try {
            JobSpec spec = each.read(layers);
            if (!spec.batching().adopted().isEmpty()) {
                problems.add(problem(
                        ErrorCode.SPEC_CONFLICT,
                        at,
                        FIELD,
                        "a list beside `adopted_batches`",
                        "nothing: the batches that are taken over have one judge"));
            }
            limit(spec, shared, own);
            return spec;
        } catch (JobRejectedException e) {
            problems.addAll(e.problems());
            return null;
        }
    }

    /// One limit would have to be shared out among judges whose prices differ.
    private void limit(JobSpec spec, List<SpecLayer> shared, ObjectNode own) {
        String name = JobFields.MAX_COST_USD.name();
        shared.stream()
                .filter(layer -> spec.polling().maxCostUsd().isPresent() && !own.has(name))
                .filter(layer -> SpecFields.value(layer, name) != null)
                .findFirst()
                .ifPresent(layer -> problems.add(problem(
                        ErrorCode.SPEC_CONFLICT,
                        layer,
                        name,
                        "a limit beside `judges`",
                        "a `max_cost_usd` in each of the judges: their sum is the job's")));
    }

    private boolean isOfJob(String name) {
        return !OWN.contains(name) && SpecNames.isDeclared(name);
    }

    /// A judge that judges as another one does adds nothing but its price.
    private void twice(SpecLayer at, String place, String name, JobSpec spec, Map<String, JobSpec> read) {
        String judged = JobSpecJson.judged(spec);
        read.forEach((other, known) -> {
            if (JobSpecJson.judged(known).equals(judged)) {
                problems.add(problem(
                        ErrorCode.SPEC_CONFLICT,
                        at,
                        place,
                        "the judge " + SpecFields.shown(name) + ", who is the same as " + SpecFields.shown(other),
                        "each judge once: `repeats` has each of them judge more than once"));
            }
        });
    }

    private String name(SpecLayer at, String place, ObjectNode judge, List<SpecLayer> shared) {
        JsonNode given = judge.path(Judge.NAME);
        if (given.isMissingNode() || given.isNull()) {
            JsonNode model = find(judge, shared, JobFields.MODEL.name());
            String name = model == null || !model.isString() ? "" : model.stringValue();
            return name.length() > JudgesField.LONGEST_NAME ? name.substring(0, JudgesField.LONGEST_NAME) : name;
        }
        String name = given.isString() ? given.stringValue() : "";
        if (!Kind.isLine(name, JudgesField.LONGEST_NAME)) {
            reject(
                    nearest(at, place, judge),
                    Judge.NAME,
                    SpecFields.shown(given),
                    "a text of 1 to " + JudgesField.LONGEST_NAME + " characters on one line");
        }
        return name;
    }

    private static Set<String> backends(JsonNode judges, List<SpecLayer> shared) {
        return judges.valueStream().map(judge -> backend(judge, shared)).collect(Collectors.toSet());
    }

    private static String backend(JsonNode judge, List<SpecLayer> shared) {
        JsonNode backend = find(judge, shared, JobFields.BACKEND.name());
        return backend == null || !backend.isString()
                ? JobFields.BACKEND.fallback().code()
                : backend.stringValue();
    }

    private static @Nullable JsonNode find(JsonNode judge, List<SpecLayer> shared, String name) {
        JsonNode own = judge.path(name);
        return own.isMissingNode() || own.isNull() ? new SpecFields(shared).find(name) : own;
    }

    private static SpecLayer withoutJudges(SpecLayer layer) {
        ObjectNode fields = layer.fields().deepCopy();
        fields.remove(FIELD);
        return new SpecLayer(layer.name(), fields);
    }

    /// What the job has for all judges, without what this one has not, and without options that are of another judge's
    /// provider only.
    private SpecLayer with(SpecLayer layer, Set<String> removed, String backend, Set<String> backends) {
        ObjectNode fields = layer.fields().deepCopy();
        fields.remove(removed);
        List<String> others = fields.propertyNames().stream()
                .filter(name -> SpecNames.isBackend(backend)
                        && !SpecNames.isKnown(name, backend, rules)
                        && backends.stream().anyMatch(code -> SpecNames.isKnown(name, code, rules)))
                .toList();
        fields.remove(others);
        return new SpecLayer(layer.name(), fields);
    }

    private static SpecLayer nearest(SpecLayer at, String place, ObjectNode own) {
        return new SpecLayer(at.name() + ", " + place, own);
    }

    private void reject(SpecLayer at, String field, String found, String expected) {
        problems.add(problem(ErrorCode.SPEC_INVALID_VALUE, at, field, found, expected));
    }

    private static Problem problem(ErrorCode code, SpecLayer at, String field, String found, String expected) {
        return new Problem(code, at.name() + ", field `" + field + "`", found, expected);
    }

    private JobRejectedException rejected() {
        return new JobRejectedException(List.copyOf(problems));
    }
}
