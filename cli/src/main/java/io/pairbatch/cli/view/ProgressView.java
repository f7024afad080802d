package io.pairbatch.cli.view;

import io.pairbatch.cli.job.JobListener;

/// Shows a job's progress. Closing it leaves the last picture and a usable terminal; it may be closed twice and from
/// another thread.
public interface ProgressView extends JobListener, AutoCloseable {

    @Override
    void close();
}
