package io.pairbatch.simulator.fault;

import io.pairbatch.simulator.judge.Dice;
import io.pairbatch.simulator.store.Journal;
import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The active fault rules. Their counters start at zero with each process and each replacement.
public final class Faults {

    private final Dice dice;
    private final Journal journal;
    private volatile List<Fault> rules = List.of();

    public Faults(long seed, Journal journal) {
        this.dice = new Dice(seed).with("faults");
        this.journal = journal;
    }

    /// Replaces all rules.
    ///
    /// @throws IllegalArgumentException when the JSON is not a list of valid rules
    public void replace(JsonNode list) {
        rules = rules(list);
    }

    /// Reads a file of rules.
    ///
    /// @throws IllegalArgumentException when it is not a list of valid rules
    public static JsonNode read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            JsonNode list = Json.MAPPER.readTree(in);
            rules(list);
            return list;
        }
    }

    private static List<Fault> rules(JsonNode list) {
        if (!list.isArray()) {
            throw new IllegalArgumentException("Fault rules must be a JSON list.");
        }
        List<Fault> fresh = new ArrayList<>();
        list.forEach(rule -> fresh.add(new Fault(rule)));
        return List.copyOf(fresh);
    }

    /// The rules that apply to this call; each is in the journal before it acts.
    public List<Fault> strike(Fault.Call call) throws IOException {
        List<Fault> striking = new ArrayList<>();
        List<Fault> present = rules;
        for (int i = 0; i < present.size(); i++) {
            Fault fault = present.get(i);
            if (fault.strikes(call, dice.with(i))) {
                striking.add(fault);
                journal.append(Json.object()
                        .put("op", "fault")
                        .put("api", call.api())
                        .put("operation", call.operation().name().toLowerCase(java.util.Locale.ROOT))
                        .put("action", fault.action())
                        .put("custom_id", call.customId())
                        .set("metadata", Json.MAPPER.valueToTree(call.metadata())));
            }
        }
        return striking;
    }
}
