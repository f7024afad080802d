package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Dice;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What an API makes of the life cycle that all batches share. A batch is `validating`, `in_progress`, `finalizing` and
/// then `completed`, or it ends `failed`, `expired` or, by way of `cancelling`, `cancelled`.
public interface BatchApi {
    /// `openai`, `anthropic`, `gemini`: in a batch's notes, in the journal and in fault rules.
    String name();

    /// Reads the requests, one JSON object a line, at the end of `validating`.
    ///
    /// @param input null when the file is gone
    Intake validate(Batch batch, @Nullable Path input) throws IOException;

    /// The errors of a batch whose tokens do not fit into its model's queue; null for an API that refuses the create
    /// instead, or has no such limit.
    default @Nullable JsonNode queueFull(String model, long limit) {
        return null;
    }

    /// The line of a request that the model saw.
    ///
    /// @param dice chance of this request in this batch, for ids
    ResultLine answer(Batch batch, JsonNode request, Dice dice);

    /// The line of a request that did not have its turn.
    ///
    /// @param expired rather than cancelled
    ResultLine unreached(JsonNode request, Dice dice, boolean expired);

    /// Whether lines that did not succeed go into a file of their own.
    boolean splitsErrors();

    /// Whether that file is there even when every line succeeded, without a byte.
    default boolean keepsEmptyErrors() {
        return false;
    }

    /// Gives a line an id that nobody sent.
    void makeForeign(ObjectNode line, String id);

    /// Makes a line say neither an answer nor an error (`lines_status_zero`).
    void makeBlank(ObjectNode line);

    /// Makes an answer say that the prompt was blocked, for an API that says so without an error (`lines_blocked`).
    default void makeBlocked(ObjectNode line) {}

    /// Keeps a finished file of lines.
    ///
    /// @param kind `output` or `error`
    /// @return its id
    String keep(Batch batch, String kind, Path draft, long lines) throws IOException;

    /// The provider's object.
    ObjectNode view(Batch batch, Glimpse glimpse);
}
