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

    /// `States.ALL` leaves out what is too large; `States.TaskFailed` also timeouts and expressions, which are no
    /// task's.
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
