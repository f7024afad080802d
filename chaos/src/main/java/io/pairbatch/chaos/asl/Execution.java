package io.pairbatch.chaos.asl;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// One execution of a state machine, run by the thread that calls [#run]. Time, threads and randomness all come from
/// [Services]. Iterations of a Map may run in other threads, but never two of an execution at the same time.
public final class Execution {

    /// Identifies an execution.
    ///
    /// @param stateMachine the machine's ARN
    /// @param arn the execution's
    public record Id(String stateMachine, String arn, String name) {

        /// The ARN that AWS gives to an execution of this name.
        public static Id of(String stateMachine, String name) {
            return new Id(stateMachine, stateMachine.replace(":stateMachine:", ":execution:") + ":" + name, name);
        }
    }

    private final StateMachine machine;
    private final Id id;
    private final Object input;
    private final Services services;
    private final Trace trace;
    private final History history = new History();
    private final Scope variables = new Scope(null);
    private final Map<String, Object> context = new LinkedHashMap<>();

    public Execution(StateMachine machine, Id id, JsonNode input, Services services, Trace trace) {
        this.machine = machine;
        this.id = id;
        this.input = Values.of(input);
        this.services = services;
        this.trace = trace;
    }

    /// Runs the execution to its end; may be called once. Exceptions of the services are passed through.
    public Outcome run() {
        Flow flow = begin();
        try {
            Object output = flow.run(machine.top(), input);
            history.end();
            return new Outcome.Succeeded(Values.node(output));
        } catch (StateFailure e) {
            history.end();
            return new Outcome.Failed(e.error(), e.text());
        }
    }

    /// What runs its states.
    Flow begin() {
        if (!context.isEmpty()) {
            throw new IllegalStateException("ran already: " + id.arn());
        }
        // In a fixed order, like everything that may be output.
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("Id", id.arn());
        own.put("Input", input);
        own.put("Name", id.name());
        own.put("StartTime", Context.time(services.now()));
        context.put("Execution", own);
        context.put("StateMachine", Map.of("Id", id.stateMachine()));
        history.add(1);
        return new Flow(this, variables, null, null);
    }

    public Id id() {
        return id;
    }

    /// The number of events in the history so far.
    public int events() {
        return history.events();
    }

    /// The machine's current variables, without those of a Map's iterations.
    public JsonNode variables() {
        return Values.node(variables.all());
    }

    /// The machine's own variables, to read and to assign.
    Scope scope() {
        return variables;
    }

    History history() {
        return history;
    }

    Services services() {
        return services;
    }

    Trace trace() {
        return trace;
    }

    Map<String, Object> context() {
        return context;
    }
}
