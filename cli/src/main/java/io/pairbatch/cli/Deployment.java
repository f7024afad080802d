package io.pairbatch.cli;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// A stack that jobs can be given to.
///
/// @param endpoint where an emulator listens; null means AWS itself
/// @param table the registry
/// @param secretArn the secret that holds the OpenAI key
public record Deployment(
        @Nullable URI endpoint, String region, String bucket, String table, String stateMachineArn, String secretArn) {

    /// Whether the stack runs on an emulator, where asking often costs nothing.
    public boolean embedded() {
        return endpoint != null;
    }
}
