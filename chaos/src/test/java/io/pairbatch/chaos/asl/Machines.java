package io.pairbatch.chaos.asl;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import tools.jackson.databind.JsonNode;

/// Small state machines for tests. Their first state is `A`.
final class Machines {

    static final Execution.Id ID = Execution.Id.of("arn:aws:states:eu-west-1:1:stateMachine:small", "run");

    private Machines() {}

    /// @param states the fields of `States`
    static StateMachine of(String states) {
        return StateMachine.parse(
                "{\"QueryLanguage\": \"JSONata\", \"StartAt\": \"A\", \"States\": {" + states + "}}", Map.of());
    }

    static Execution execution(String states, String input, Services services) {
        return new Execution(of(states), ID, Script.json(input), services, Trace.NONE);
    }

    static JsonNode output(String states, String input, Services services) {
        Outcome outcome = execution(states, input, services).run();
        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        return ((Outcome.Succeeded) outcome).output();
    }

    static JsonNode output(String states, String input) {
        return output(states, input, new Script());
    }

    static Outcome.Failed failure(String states, String input, Services services) {
        Outcome outcome = execution(states, input, services).run();
        assertThat(outcome).isInstanceOf(Outcome.Failed.class);
        return (Outcome.Failed) outcome;
    }

    static Outcome.Failed failure(String states, String input) {
        return failure(states, input, new Script());
    }
}
