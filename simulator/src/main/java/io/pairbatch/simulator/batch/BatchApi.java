package io.pairbatch.simulator.batch;

import io.pairbatch.simulator.judge.Asked;
import io.pairbatch.simulator.judge.Dice;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// How one API shapes the life cycle that all batches share. A batch is `validating`, `in_progress`, `finalizing` and
/// then `completed`; or it ends as `failed`, `expired` or, after `cancelling`, `cancelled`.
public interface BatchApi {

    /// `openai`, `anthropic`, `gemini`: in a batch's notes, in the journal and in fault rules.
    String name();

    /// Reads the requests, one JSON object per line, at the end of `validating`.
    ///
    /// @param input null if the file was deleted
    Intake validate(Batch batch, @Nullable Path input) throws IOException;

    /// The errors of a batch whose tokens exceed its model's queue limit; null for an API that refuses the create
    /// instead, or has no such limit.
    default @Nullable JsonNode queueFull(String model, long limit) {
        return null;
    }

    /// The line of a request that was processed.
    ///
    /// @param dice random source of this request in this batch, for IDs
    /// @param asked when the batch was made
    ResultLine answer(Batch batch, JsonNode request, Dice dice, Asked asked);

    /// The line of a request that was not processed.
    ///
    /// @param expired true if the batch expired, false if it was cancelled
    ResultLine unreached(JsonNode request, Dice dice, boolean expired);

    /// Whether lines that did not succeed go into a separate error file.
    boolean splitsErrors();

    /// Whether there is an empty error file if every line succeeded.
    default boolean keepsEmptyErrors() {
        return false;
    }

    /// Gives a line an ID that no request has.
    void makeForeign(ObjectNode line, String id);

    /// Leaves a line without an answer and without an error (`lines_status_zero`).
    void makeBlank(ObjectNode line);

    /// Turns an answer into a blocked prompt, for an API that does not report it as an error (`lines_blocked`).
    default void makeBlocked(ObjectNode line) {}

    /// Stores a finished file of lines.
    ///
    /// @param kind `output` or `error`
    /// @return the file's ID
    String keep(Batch batch, String kind, Path draft, long lines) throws IOException;

    /// The batch as the API shows it.
    ObjectNode view(Batch batch, Glimpse glimpse);
}
