package io.pairbatch.simulator;

import static java.util.Objects.requireNonNull;

import io.pairbatch.simulator.store.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import tools.jackson.databind.JsonNode;

/// Test cases in files, one JSON object per line, each with a `name`.
public final class Cases {

    public interface Check {

        void run(JsonNode given) throws Exception;
    }

    private Cases() {}

    public static Stream<DynamicTest> of(String file, Check check) throws IOException {
        try (InputStream in = requireNonNull(Cases.class.getResourceAsStream(file))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(Json.MAPPER::readTree)
                    .map(given -> DynamicTest.dynamicTest(given.path("name").stringValue(), () -> check.run(given)));
        }
    }
}
