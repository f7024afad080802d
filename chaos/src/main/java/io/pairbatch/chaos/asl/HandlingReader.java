package io.pairbatch.chaos.asl;

import io.pairbatch.chaos.asl.State.Catcher;
import io.pairbatch.chaos.asl.State.Handling;
import io.pairbatch.chaos.asl.State.Retrier;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// Reads a state's `Retry` and `Catch`.
final class HandlingReader {

    private final Fields state;
    private final Variables variables;
    private final Set<String> targets;

    HandlingReader(Fields state, Variables variables, Set<String> targets) {
        this.state = state;
        this.variables = variables;
        this.targets = targets;
    }

    Handling read() {
        List<Retrier> retriers = new ArrayList<>();
        if (state.optional("Retry") != null) {
            JsonNode list = state.list("Retry");
            for (JsonNode node : list) {
                Fields fields = new Fields(node, state.where() + "/Retry[" + retriers.size() + "]");
                retriers.add(retrier(fields, retriers.size() == list.size() - 1));
                fields.end();
            }
        }
        List<Catcher> catchers = new ArrayList<>();
        if (state.optional("Catch") != null) {
            JsonNode list = state.list("Catch");
            for (JsonNode node : list) {
                String path = "Catch[" + catchers.size() + "]";
                Fields fields = new Fields(node, state.where() + "/" + path);
                catchers.add(new Catcher(
                        errors(fields, catchers.size() == list.size() - 1),
                        DefinitionReader.effects(fields, path + "/", variables),
                        DefinitionReader.target(fields, "Next", targets)));
                fields.end();
            }
        }
        return new Handling(List.copyOf(retriers), List.copyOf(catchers));
    }

    private static Retrier retrier(Fields fields, boolean last) {
        String jitter = fields.optionalText("JitterStrategy");
        if (jitter != null && !jitter.equals("FULL") && !jitter.equals("NONE")) {
            throw fields.wrong("an unknown JitterStrategy: " + jitter);
        }
        int interval = fields.integer("IntervalSeconds", 1, 1);
        int longest = fields.integer("MaxDelaySeconds", 1, Integer.MAX_VALUE);
        if (longest <= interval) {
            throw fields.wrong("MaxDelaySeconds is not above IntervalSeconds");
        }
        return new Retrier(
                errors(fields, last),
                interval,
                fields.integer("MaxAttempts", 0, 3),
                fields.number("BackoffRate", 1, 2),
                longest,
                "FULL".equals(jitter));
    }

    private static Errors errors(Fields fields, boolean last) {
        List<String> names = new ArrayList<>();
        for (JsonNode name : fields.list("ErrorEquals")) {
            if (!name.isString()) {
                throw fields.wrong("ErrorEquals has an item that is not a string");
            }
            names.add(name.stringValue());
        }
        if (names.contains(StateFailure.ALL) && (names.size() > 1 || !last)) {
            throw fields.wrong(StateFailure.ALL + " is not alone, or not in the last one");
        }
        return new Errors(List.copyOf(names));
    }
}
