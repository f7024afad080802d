package io.pairbatch.simulator.gemini;

import io.pairbatch.simulator.judge.Usage;
import io.pairbatch.simulator.store.Json;
import io.pairbatch.simulator.store.LineReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// Validates a file of requests as the service does during the create: every line must be `{key, request}` with a
/// request that matches its message type (inspect_ai #3257). Keeps one line and the first errors in memory.
final class GeminiInput {

    private static final int MOST_ERRORS = 10;

    private final ProtoTable messages;
    private final List<String> errors = new ArrayList<>();
    private long requests;
    private long tokens;

    GeminiInput(ProtoTable messages) {
        this.messages = messages;
    }

    /// `Error on line 3: …`, empty if the file is valid.
    List<String> errors() {
        return errors;
    }

    long requests() {
        return requests;
    }

    /// Estimated tokens of all prompts.
    long tokens() {
        return tokens;
    }

    void read(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            LineReader lines = new LineReader(in);
            while (lines.next() && errors.size() < MOST_ERRORS) {
                if (!lines.blank()) {
                    requests++;
                    check(lines);
                }
            }
        }
        if (requests == 0) {
            errors.add("The input file has no requests.");
        }
    }

    private void check(LineReader lines) {
        if (lines.tooLong()) {
            error(lines, LineReader.LONGEST, "the line is too long");
            return;
        }
        JsonNode line;
        try {
            line = Json.MAPPER.readTree(lines.bytes(), 0, lines.length());
        } catch (JacksonException e) {
            error(lines, e.getLocation().getColumnNr(), "unexpected token");
            return;
        }
        if (!line.path("request").isObject()) {
            error(lines, 1, line.isObject() ? "missing field: 'request'" : "expected an object");
            return;
        }
        JsonNode key = line.path("key");
        if (!key.isMissingNode() && !key.isString()) {
            error(lines, column(lines, "key"), "invalid value for field 'key'");
        }
        for (ProtoTable.Misfit misfit : messages.check("GenerateContentRequest", line.path("request"), "")) {
            String reason = misfit instanceof ProtoTable.UnknownName
                    ? "no such field: '" + misfit.name() + "'"
                    : "invalid value for field '" + misfit.path() + "'";
            error(lines, column(lines, misfit.name()), reason);
        }
        tokens += Usage.tokens(GeminiLines.prompt(line.path("request")));
    }

    private static int column(LineReader lines, String name) {
        String text = new String(lines.bytes(), 0, lines.length(), StandardCharsets.UTF_8);
        return text.indexOf("\"" + name + "\"") + 1;
    }

    private void error(LineReader lines, int column, String reason) {
        errors.add("Error on line " + lines.number() + ": invalid JSON, near column " + column + ": " + reason);
    }
}
