package io.pairbatch.infra;

import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;

/// The CDK app: one stack, described by the context values that [Settings] lists.
public final class PairbatchApp {

    private PairbatchApp() {}

    /// Synthesises into the folder that the CDK names in `CDK_OUTDIR`.
    ///
    /// @throws IllegalArgumentException if a context value is invalid; its message lists every problem
    public static void main(String[] arguments) {
        App app = new App(AppProps.builder().analyticsReporting(false).build());
        new PairbatchStack(app, Settings.fromContext(app.getNode()));
        app.synth();
    }
}
