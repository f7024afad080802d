package io.pairbatch.cli.deployment;

/// A stack that this process has started. Closing it stops it and removes what it kept.
public interface StackHandle extends AutoCloseable {

    Deployment deployment();

    @Override
    void close();
}
