package io.pairbatch.cli.smoke;

import io.pairbatch.cli.fault.CliException;
import io.pairbatch.cli.fault.ExitStatus;

/// A function's timeout that is lowered for a moment. It is put back when this is closed, and when the process is asked
/// to end (Ctrl-C) before.
final class LoweredTimeout implements AutoCloseable {

    private final Bench bench;
    private final String step;
    private final int seconds;
    private final int usual;
    private final Thread hook = new Thread(this::restoreAtExit, "timeout-restore");
    private boolean restored;

    private LoweredTimeout(Bench bench, String step, int seconds, int usual) {
        this.bench = bench;
        this.step = step;
        this.seconds = seconds;
        this.usual = usual;
    }

    /// Lowers it.
    ///
    /// @throws SkippedException if nobody may do that here
    static LoweredTimeout to(int seconds, String step, Bench bench) {
        LoweredTimeout lowered =
                new LoweredTimeout(bench, step, seconds, bench.workings().timeout(step));
        lowered.checkUsual();
        Runtime.getRuntime().addShutdownHook(lowered.hook);
        try {
            bench.workings().timeout(step, seconds);
        } catch (SkippedException e) {
            // It was refused, so there is nothing to put back.
            lowered.removeHook();
            throw e;
        } catch (RuntimeException e) {
            try {
                lowered.close();
            } catch (CliException told) {
                e.addSuppressed(told);
            }
            throw e;
        }
        return lowered;
    }

    /// Says that it is lowered.
    void tell() {
        bench.say().accept("The timeout of " + function() + " is " + seconds + " s for a moment");
    }

    private void checkUsual() {
        if (usual <= seconds) {
            throw Bench.failed(
                    "The timeout of " + function() + " is " + usual
                            + " s already: an earlier smoke test was killed before it put it back, or the stack was"
                            + " deployed so.",
                    "RIGHTS.md and template of ./pairbatch synth say what it should be. Put it back: "
                            + command("SECONDS"));
        }
    }

    private String function() {
        return bench.session().deployment().functionName(step);
    }

    private String command(String seconds) {
        return "aws lambda update-function-configuration --function-name " + function() + " --timeout " + seconds
                + " --region " + bench.session().deployment().region();
    }

    /// @throws CliException if it could not be put back; that is printed too
    private synchronized void restore() {
        if (restored) {
            return;
        }
        try {
            bench.workings().timeout(step, usual);
            restored = true;
            bench.say().accept("The timeout of " + function() + " is " + usual + " s again");
        } catch (RuntimeException e) {
            CliException told = new CliException(
                    ExitStatus.JOB_FAILED,
                    "The timeout of " + function() + " could not be put back to " + usual + " s: " + e.getMessage(),
                    "Put it back: " + command(Integer.toString(usual)),
                    e);
            bench.say().accept(told.getMessage() + " " + told.remedy());
            throw told;
        }
    }

    private void restoreAtExit() {
        try {
            restore();
        } catch (CliException e) {
            // It is printed already, and nobody is there any more to whom it could be thrown.
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The exit has begun, and the hook with it.
        }
    }

    @Override
    public void close() {
        restore();
        // Where that fails, the exit tries once more.
        removeHook();
    }
}
