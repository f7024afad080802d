package io.pairbatch.chaos;

/// One action on the outside world, before it happens.
///
/// @param service `dynamodb`, `s3`, `secretsmanager`, `states` or a provider's name
/// @param operation as the service calls it
/// @param actor who acts
record Effect(String service, String operation, String actor) {

    boolean isProvider() {
        return service.equals("openai") || service.equals("anthropic") || service.equals("gemini");
    }

    /// Whether a batch is created.
    boolean isCreate() {
        return isProvider()
                && operation.startsWith("POST ")
                && (operation.endsWith("/batches") || operation.endsWith(":batchGenerateContent"));
    }

    /// Whether an object's body is read.
    boolean isRead() {
        return service.equals("s3") && operation.equals("getObject");
    }

    @Override
    public String toString() {
        return service + "." + operation;
    }
}
