package io.pairbatch.cli.deployment;

import io.pairbatch.backend.Backend;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The stack that tests talk to.
public final class Deployed {

    public static final Deployment STACK = new Deployment(
            URI.create("http://127.0.0.1:4566"),
            "us-east-1",
            "data",
            "registry",
            "arn:aws:states:us-east-1:000000000000:stateMachine:Pairbatch-pairwise-batch",
            "Pairbatch-deleter",
            Map.of(Backend.OPENAI, "arn:aws:secretsmanager:us-east-1:000000000000:secret:Pairbatch/openai"),
            null);

    private Deployed() {}

    /// The same stack, which says what providers it uses.
    public static Deployment with(Deployment.@Nullable Providers providers) {
        return with(STACK.secretArns(), providers);
    }

    /// The same stack, which has these secrets.
    public static Deployment with(Map<Backend, String> secretArns, Deployment.@Nullable Providers providers) {
        return new Deployment(
                STACK.endpoint(),
                STACK.region(),
                STACK.bucket(),
                STACK.table(),
                STACK.stateMachineArn(),
                STACK.deleterFunction(),
                secretArns,
                providers);
    }
}
