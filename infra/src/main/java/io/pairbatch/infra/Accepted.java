package io.pairbatch.infra;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awscdk.CfnResource;
import software.constructs.Construct;
import software.constructs.IConstruct;

/// Findings of cdk-nag that are right and are accepted, each at its resource and with its reason: for whoever reviews
/// the stack, in the code and in the metadata of the template. Written as cdk-nag's own class writes it, which would
/// load its package at each deployment. `NagTest` finds one that is missing and one that nothing needs.
final class Accepted {

    private static final String METADATA = "cdk_nag";
    private static final String RULES = "rules_to_suppress";

    private Accepted() {}

    static void finding(Construct construct, String rule, String reason) {
        add(construct, new TreeMap<>(Map.of("id", rule, "reason", reason)));
    }

    /// Of a role's own policy, which must have the statement already: one wildcard, as cdk-nag writes it.
    static void wildcard(IConstruct role, String finding, String reason) {
        add(
                role.getNode().findChild("DefaultPolicy"),
                new TreeMap<>(Map.of("id", "AwsSolutions-IAM5", "reason", reason, "applies_to", List.of(finding))));
    }

    private static void add(IConstruct construct, Map<String, Object> rule) {
        CfnResource resource = (CfnResource) construct.getNode().getDefaultChild();
        List<Object> rules = new ArrayList<>(
                resource.getMetadata(METADATA) instanceof Map<?, ?> there && there.get(RULES) instanceof List<?> list
                        ? list
                        : List.of());
        if (!rules.contains(rule)) {
            rules.add(rule);
        }
        resource.addMetadata(METADATA, Map.of(RULES, rules));
    }
}
