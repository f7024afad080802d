package io.pairbatch.chaos;

/// One act on the world outside, before it happens.
///
/// @param service `dynamodb`, `s3`, `secretsmanager`, `states` or a provider's name
/// @param operation as the service calls it
/// @param actor who acts
record Effect(String service, String operation, String actor) {

    boolean isProvider() {
        return service.equals("openai") || service.equals("anthropic") || service.equals("gemini");
    }

    @Override
    public String toString() {
        return service + "." + operation;
    }
}
