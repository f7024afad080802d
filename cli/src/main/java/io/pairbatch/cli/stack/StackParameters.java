package io.pairbatch.cli.stack;

import io.pairbatch.backend.Backend;
import io.pairbatch.cli.fault.CliException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// The parameters of a deployment. All are passed, none is left to CloudFormation: it would keep the value of the
/// deployment before, whatever the settings say now, and a key would go to an address that nobody has named.
final class StackParameters {

    private StackParameters() {}

    /// The defaults of a template, which follow from the settings, by name.
    ///
    /// @param template a CloudFormation template, all of whose parameters have defaults
    /// @param now when the deployment begins
    static Map<String, String> of(JsonNode template, Instant now) {
        Map<String, String> values = new TreeMap<>();
        template.path("Parameters")
                .forEachEntry((name, parameter) ->
                        values.put(name, parameter.required("Default").stringValue()));
        putDeployedAt(values, now);
        return values;
    }

    /// Adds when the deployment begins: drops since then that nothing has started are looked for.
    static void putDeployedAt(Map<String, String> values, Instant now) {
        values.put("DeployedAt", now.truncatedTo(ChronoUnit.SECONDS).toString());
    }

    /// The arguments of `cdk deploy` that set exactly these.
    static List<String> arguments(Map<String, String> values) {
        List<String> arguments = new ArrayList<>(List.of("--no-previous-parameters"));
        values.forEach((name, value) -> arguments.addAll(List.of("--parameters", name + "=" + value)));
        return arguments;
    }

    /// The providers' addresses among the parameters, a line each, and which provider has none.
    static String addresses(Map<String, String> values) {
        StringBuilder lines = new StringBuilder();
        for (Backend backend : Backend.values()) {
            String address = values.get(backend.baseUrlParameter());
            lines.append("  ")
                    .append(backend.code())
                    .append(address == null ? " left out" : " at " + address)
                    .append('\n');
        }
        return lines.toString();
    }

    /// What goes with the providers that a deployed stack has and this deployment leaves out, a line each.
    ///
    /// @param stack its name
    /// @param deployed the parameters of the stack as it is; empty if there is none
    static String goes(String stack, Map<String, String> deployed, Map<String, String> wanted) {
        StringBuilder lines = new StringBuilder();
        for (Backend backend : Backend.values()) {
            String parameter = backend.baseUrlParameter();
            if (deployed.containsKey(parameter) && !wanted.containsKey(parameter)) {
                lines.append("The secret ").append(stack).append('/').append(backend.code());
                lines.append(" is deleted, with the key in it. Jobs of ").append(backend.code());
                lines.append(" that are under way wait until a deployment has it again"
                        + " (docs/OPERATIONS.md#a-provider-that-is-left-out).\n");
            }
        }
        return lines.toString();
    }

    /// Refuses to send the keys of a deployed stack to addresses that may have been forgotten.
    ///
    /// @param deployed the parameters of the stack as it is; empty if there is none
    /// @throws CliException if a provider's address differs
    static void refuseOtherAddresses(Map<String, String> deployed, Map<String, String> wanted) {
        List<String> changes = new ArrayList<>();
        List<String> settings = new ArrayList<>();
        for (Backend backend : Backend.values()) {
            String before = deployed.get(backend.baseUrlParameter());
            String now = wanted.get(backend.baseUrlParameter());
            if (before != null && now != null && !before.equals(now)) {
                changes.add(backend.code() + " is at " + before + " and would be at " + now);
                settings.add("-c " + backend.code() + "BaseUrl=" + before);
            }
        }
        if (!changes.isEmpty()) {
            throw CliException.usage(
                    "The key in the stack would be sent to another address: " + String.join("; ", changes) + ".",
                    "Keep it with " + String.join(" ", settings)
                            + ", or say --new-addresses and put the key of the new address into the secret.");
        }
    }
}
