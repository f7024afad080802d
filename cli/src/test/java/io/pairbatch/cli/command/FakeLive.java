package io.pairbatch.cli.command;

import io.pairbatch.cli.deployment.Deployment;
import io.pairbatch.cli.stack.LiveOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/// A process whose environment, terminal and stack a test decides.
final class FakeLive implements LiveRuns {

    final Map<String, String> environment = new TreeMap<>();
    final List<String> questions = new ArrayList<>();
    boolean terminal;
    boolean agrees;
    int started;

    private final Deployment deployment;

    FakeLive(Deployment deployment) {
        this.deployment = deployment;
    }

    /// The stack that runs already.
    Deployment stackOf() {
        return deployment;
    }

    @Override
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public boolean canAsk() {
        return terminal;
    }

    @Override
    public boolean agrees(String question) {
        questions.add(question);
        return agrees;
    }

    @Override
    public Deployment stack(LiveOptions options, Consumer<String> progress) {
        started++;
        return deployment;
    }
}
