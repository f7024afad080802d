package io.pairbatch.cli.deployment;

/// A stack that this process has started. Closing it stops the stack and deletes its data.
public interface StackHandle extends AutoCloseable {

    Deployment deployment();

    @Override
    void close();
}
