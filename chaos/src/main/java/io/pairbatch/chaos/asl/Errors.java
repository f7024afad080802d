package io.pairbatch.chaos.asl;

import java.util.List;

/// The names of `ErrorEquals`.
record Errors(List<String> names) {

    private static final String HEARTBEAT = "States.HeartbeatTimeout";

    boolean match(StateFailure failure) {
        String error = failure.error();
        if (failure.endsExecution()) {
            return false;
        }
        for (String name : names) {
            if (name.equals(error) || widely(name, error)) {
                return true;
            }
        }
        return false;
    }

    /// `States.ALL` does not include data that is too large; `States.TaskFailed` includes neither timeouts nor
    /// expressions, which do not come from a task.
    private static boolean widely(String name, String error) {
        return switch (name) {
            case StateFailure.ALL -> !error.equals(StateFailure.TOO_LARGE);
            case StateFailure.TASK_FAILED ->
                !error.equals(StateFailure.TOO_LARGE)
                        && !error.equals(StateFailure.TIMEOUT)
                        && !error.equals(HEARTBEAT)
                        && !error.equals(StateFailure.QUERY);
            case StateFailure.TIMEOUT -> error.equals(HEARTBEAT);
            default -> false;
        };
    }
}
