package io.pairbatch.cli.command;

import io.pairbatch.cli.pilot.Pilot;
import io.pairbatch.cost.CostBounds;
import io.pairbatch.cost.NanoUsd;
import io.pairbatch.cost.PriceTable;
import io.pairbatch.text.Plural;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// A pilot for people.
final class PilotLines {

    private PilotLines() {}

    /// What it sends, and what that costs at most.
    static List<String> before(Pilot pilot, PriceTable prices) {
        List<String> lines = new ArrayList<>();
        lines.add("This costs money: the pilot sends " + Plural.of(pilot.requests(), "live request") + ", each once.");
        for (Pilot.Part part : pilot.parts()) {
            String judge =
                    part.judge().judge() == null ? "" : "judge " + part.judge().judge() + ", ";
            lines.add("  " + judge + part.judge().estimate().spec().model() + ": "
                    + EstimateLines.number(part.requests()) + ", " + atMost(part.atMost(prices)));
        }
        return lines;
    }

    private static String atMost(Optional<CostBounds.Bound> bound) {
        return bound.map(known -> known.openEnded()
                        ? "at most " + NanoUsd.words(known.nano())
                                + " for the prompts; nothing in the requests limits what answers and reasoning cost"
                        : "at most " + NanoUsd.words(known.nano()))
                .orElse("at an unknown price");
    }

    /// What it has shown; null without one.
    static @Nullable String of(@Nullable ObjectNode pilot) {
        if (pilot == null) {
            return null;
        }
        String usd = pilot.path("usd").asString("");
        return Plural.of(pilot.path("pairs").longValue(), "pair") + " ("
                + pilot.path("strategy").asString("")
                + ", seed " + pilot.path("seed").intValue() + "), "
                + pilot.path("answered").intValue() + " of "
                + Plural.of(pilot.path("requests").intValue(), "request") + " answered, "
                + (usd.isEmpty() ? "at an unknown price" : NanoUsd.words(new BigDecimal(usd)));
    }
}
