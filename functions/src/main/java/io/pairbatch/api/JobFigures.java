package io.pairbatch.api;

import io.pairbatch.cost.NanoUsd;
import io.pairbatch.pairs.TableReport;
import io.pairbatch.registry.CostForecast;
import io.pairbatch.registry.Costs;
import io.pairbatch.registry.OverdueBatch;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// What is told of a job at work, in the API and in the JSON of the command line alike.
public final class JobFigures {

    private JobFigures() {}

    /// Adds what the job has cost so far, holds, and will have cost. Of a model without a known price nothing is
    /// reserved: its cost is unknown, and not 0.
    public static void addCosts(ObjectNode json, Costs costs, CostForecast forecast) {
        boolean counted = costs.committed() > 0;
        json.put("cost_so_far_usd", NanoUsd.toUsdOrNull(counted ? costs.spent() : null))
                .put("cost_reserved_usd", NanoUsd.toUsdOrNull(counted ? costs.reserved() : null))
                .put("cost_expected_usd", NanoUsd.toUsdOrNull(forecast.expected(costs)))
                .put("max_cost_usd", NanoUsd.toUsdOrNull(costs.limit()));
    }

    /// Adds how many rows there are of each code.
    public static void addCounts(ObjectNode json, Map<String, TableReport.Rows> rows) {
        rows.forEach((code, which) -> json.put(code, which.count()));
    }

    /// Adds a batch that is overdue.
    public static void addOverdue(ArrayNode json, OverdueBatch batch) {
        json.addObject()
                .put("batch_id", batch.batchId())
                .put("segment", batch.segment())
                .put("status", batch.status())
                .put("reason", batch.reason().name().toLowerCase(Locale.ROOT))
                .put("since", batch.since().toString());
    }
}
