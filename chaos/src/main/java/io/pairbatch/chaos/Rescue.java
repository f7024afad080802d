package io.pairbatch.chaos;

import io.pairbatch.backend.Backend;
import io.pairbatch.chaos.PairTable.Row;
import io.pairbatch.chaos.provider.Provider;
import io.pairbatch.text.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import tools.jackson.databind.node.ArrayNode;

/// The batches of a table as the R package makes them, before there is a job.
final class Rescue {

    private Rescue() {}

    /// Makes them, but for one now and then: what a process that died in between has never sent.
    ///
    /// @return how a job file lists them
    static ArrayNode make(Scenario scenario, Provider provider) {
        SplittableRandom random = new SplittableRandom(scenario.seed() ^ 0x616C736FL);
        ArrayNode list = Json.MAPPER.createArrayNode();
        List<Row> rows = scenario.table().rows();
        int size = scenario.table().batchSize();
        int from = 0;
        while (from < rows.size()) {
            int to = Math.min(rows.size(), from + size);
            // Each batch needs a row that can be judged.
            while (to < rows.size() && rows.subList(from, to).stream().noneMatch(Row::accepted)) {
                to++;
            }
            if (rows.subList(to, rows.size()).stream().noneMatch(Row::accepted)) {
                to = rows.size();
            }
            boolean unsent = from > 0 && random.nextInt(6) == 0;
            String id = unsent ? null : batch(scenario, provider, rows.subList(from, to));
            list.addObject().put("rows", to - from).put("batch_id", id);
            from = to;
        }
        return list;
    }

    private static String batch(Scenario scenario, Provider provider, List<Row> rows) {
        Map<String, String> requests = new LinkedHashMap<>();
        for (Row row : rows) {
            String prompt = row.accepted() ? "Which one? " + row.text1() + " / " + row.text2() : "";
            requests.put(prefix(scenario.backend()) + "_" + row.id1() + "_vs_" + row.id2(), prompt);
        }
        return provider.adopted("project", Providers.model(scenario.backend()), requests)
                .id();
    }

    private static String prefix(Backend backend) {
        return switch (backend) {
            case OPENAI -> "EXP";
            case ANTHROPIC -> "ANTH";
            case GEMINI -> "GEM";
        };
    }

    /// The row that a request of the R package is for; its IDs are those of [Row].
    static String row(String customId) {
        return customId.substring(customId.indexOf("_A") + 2, customId.indexOf("_vs_"));
    }

    /// Whether a request was sent by us, as the first attempt at its pair.
    static boolean isOurFirst(String customId) {
        return customId.matches("[0-9a-f]{8}-\\d+");
    }

    /// Whether it is one of the R package's.
    static boolean isTheirs(String customId) {
        return customId.contains("_vs_");
    }
}
