package io.pairbatch.provider;

/// What is known after a request was asked live.
public sealed interface LiveAnswer {

    /// The provider answered, well or badly: read by the rules for a batch's answers.
    ///
    /// @param requestId the provider's id of the request, which its support asks for; empty when it named none
    /// @param responseId its id of the answer; empty when it named none
    record Answered(Answer answer, String requestId, String responseId) implements LiveAnswer {}

    /// The provider refused in its own words.
    record Refused(RefusedException reason) implements LiveAnswer {}

    /// Nobody knows what the provider would say: no answer in time, a gateway's, or one that cannot be read.
    ///
    /// @param reason one line that holds no text of ours
    record Lost(String reason) implements LiveAnswer {}
}
