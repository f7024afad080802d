package io.pairbatch.registry;

/// Another execution has taken over the job; the caller ends quietly.
public final class FencedException extends Exception {

    private static final long serialVersionUID = 1L;

    FencedException(Fence fence) {
        super("job " + fence.jobId() + " is no longer at epoch " + fence.epoch() + " of " + fence.owner());
    }
}
