package io.pairbatch.results;

import io.pairbatch.problem.FailureCause;
import java.util.Locale;

/// What the providers' words for the end of an answer mean, where it has no winner. They are those of
///
/// - OpenAI's chat (`finish_reason`) and responses (`incomplete_details.reason`, `status`), and of services like it;
/// - Anthropic (`stop_reason`, https://platform.claude.com/docs/en/api/handling-stop-reasons);
/// - Gemini (`finishReason`, https://ai.google.dev/api/generate-content#FinishReason).
final class Finish {

    /// A response that failed as a whole; its error says why.
    static final String FAILED = "failed";

    private Finish() {}

    /// The cause of an answer that ended so. A word that nobody has documented is no refusal.
    static FailureCause cause(String word) {
        return switch (word.toLowerCase(Locale.ROOT)) {
            case "length",
                    "max_tokens",
                    "max_output_tokens",
                    "model_length",
                    "model_context_window_exceeded",
                    "incomplete",
                    "pause_turn" -> FailureCause.TRUNCATED;
            case "content_filter",
                    "refusal",
                    "safety",
                    "recitation",
                    "language",
                    "blocklist",
                    "prohibited_content",
                    "spii",
                    "model_armor",
                    "image_safety",
                    "image_prohibited_content",
                    "image_recitation" -> FailureCause.REFUSED;
            // The model or its service broke down, and may not do so again.
            case FAILED,
                    "error",
                    "abort",
                    "insufficient_system_resource",
                    "queued",
                    "in_progress",
                    "other",
                    "finish_reason_unspecified",
                    "malformed_function_call",
                    "malformed_tool_call",
                    "malformed_response",
                    "unexpected_tool_call",
                    "too_many_tool_calls",
                    "missing_thought_signature",
                    "image_other",
                    "no_image" -> FailureCause.SERVER_ERROR;
            case "cancelled", "canceled" -> FailureCause.CANCELLED;
            default -> FailureCause.NO_TAG;
        };
    }
}
