package io.pairbatch.cli.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/// What a template puts into an account and who may do what with it, as a page for those who must approve it. Made from
/// the template, so it cannot differ from what is deployed.
final class Rights {

    private final JsonNode resources;

    private Rights(JsonNode template) {
        resources = template.path("Resources");
    }

    /// The page as Markdown.
    ///
    /// @param template a CloudFormation template
    static String of(JsonNode template) {
        Rights rights = new Rights(template);
        StringBuilder page = new StringBuilder("# What this template puts into an account\n\n");
        page.append(
                "Made from the template in this folder. Names in `${…}` are resources of the stack, whose names or ARNs"
                        + " CloudFormation fills in.\n\n## Resources\n\n| type | number | when the stack is deleted |\n|---|---|---|\n");
        rights.inventory(page);
        page.append("\n## Roles\n");
        rights.roles(page);
        page.append("\n## Policies on resources\n");
        rights.resourcePolicies(page);
        page.append("\n## Who may call the functions\n\n| function | caller | on behalf of |\n|---|---|---|\n");
        rights.permissions(page);
        return page.toString();
    }

    private void inventory(StringBuilder page) {
        Map<String, List<JsonNode>> types = new TreeMap<>();
        resources.forEach(r -> types.computeIfAbsent(r.path("Type").asString(""), t -> new ArrayList<>())
                .add(r));
        types.forEach((type, all) -> {
            boolean kept = all.stream()
                    .anyMatch(r -> r.path("DeletionPolicy").asString("").startsWith("Retain"));
            page.append("| ").append(type).append(" | ").append(all.size());
            page.append(" | ").append(kept ? "stays, with its data" : "goes").append(" |\n");
        });
    }

    private void roles(StringBuilder page) {
        for (Map.Entry<String, JsonNode> role : resources.properties()) {
            if (isOf(role.getValue(), "AWS::IAM::Role")) {
                JsonNode properties = role.getValue().path("Properties");
                page.append("\n### ")
                        .append(user(role.getKey()))
                        .append("\n\nRole `")
                        .append(role.getKey());
                page.append("`, assumed by ").append(principals(properties.path("AssumeRolePolicyDocument")));
                if (properties.has("PermissionsBoundary")) {
                    page.append(", bounded by `")
                            .append(text(properties.path("PermissionsBoundary")))
                            .append('`');
                }
                page.append(".\n\n| may | on |\n|---|---|\n");
                properties
                        .path("ManagedPolicyArns")
                        .forEach(arn -> page.append("| all of a managed policy | `")
                                .append(text(arn))
                                .append("` |\n"));
                properties.path("Policies").forEach(p -> statements(p.path("PolicyDocument"), page));
                policiesOf(role.getKey()).forEach(p -> statements(p, page));
            }
        }
    }

    /// The function or other resource that uses the role.
    private String user(String role) {
        String users = resources.properties().stream()
                .filter(e -> !isOf(e.getValue(), "AWS::IAM::Policy"))
                .filter(e -> refersTo(e.getValue().path("Properties"), role))
                .map(e -> e.getValue().path("Properties").path("FunctionName").asString(e.getKey()))
                .collect(Collectors.joining(", "));
        return users.isEmpty() ? role : users;
    }

    private static boolean refersTo(JsonNode node, String resource) {
        if (node.path("Ref").asString("").equals(resource)
                || node.path("Fn::GetAtt").path(0).asString("").equals(resource)) {
            return true;
        }
        return node.valueStream().anyMatch(child -> refersTo(child, resource));
    }

    private List<JsonNode> policiesOf(String role) {
        return resources
                .valueStream()
                .filter(r -> isOf(r, "AWS::IAM::Policy"))
                .filter(r -> refersTo(r.path("Properties").path("Roles"), role))
                .map(r -> r.path("Properties").path("PolicyDocument"))
                .toList();
    }

    private static void statements(JsonNode document, StringBuilder page) {
        for (JsonNode statement : document.path("Statement")) {
            boolean deny = statement.path("Effect").asString("").equals("Deny");
            page.append("| ").append(deny ? "**never** " : "").append(list(statement.path("Action")));
            page.append(" | ").append(list(statement.path("Resource")));
            if (statement.has("Condition")) {
                page.append(" if `")
                        .append(condition(statement.path("Condition")))
                        .append('`');
            }
            page.append(" |\n");
        }
    }

    /// `Bool aws:SecureTransport false`, several joined by "and".
    private static String condition(JsonNode condition) {
        List<String> parts = new ArrayList<>();
        condition.forEachEntry((operator, tests) ->
                tests.forEachEntry((key, value) -> parts.add(operator + " " + key + " " + text(value))));
        return String.join(" and ", parts);
    }

    private void resourcePolicies(StringBuilder page) {
        for (Map.Entry<String, JsonNode> resource : resources.properties()) {
            JsonNode document = resource.getValue().path("Properties").path("PolicyDocument");
            if (!isOf(resource.getValue(), "AWS::IAM::Policy") && document.isObject()) {
                page.append("\n### ").append(resource.getKey()).append("\n\nConcerns ");
                page.append(principals(document)).append(".\n\n| may | on |\n|---|---|\n");
                statements(document, page);
            }
        }
    }

    private void permissions(StringBuilder page) {
        for (JsonNode resource : resources) {
            if (isOf(resource, "AWS::Lambda::Permission")) {
                JsonNode properties = resource.path("Properties");
                page.append("| `").append(text(properties.path("FunctionName"))).append("` | ");
                page.append(text(properties.path("Principal"))).append(" | `");
                page.append(text(properties.path("SourceArn"))).append("` |\n");
            }
        }
    }

    private static boolean isOf(JsonNode resource, String type) {
        return resource.path("Type").asString("").equals(type);
    }

    private static String principals(JsonNode document) {
        TreeSet<String> names = new TreeSet<>();
        for (JsonNode statement : document.path("Statement")) {
            JsonNode principal = statement.path("Principal");
            if (principal.isObject()) {
                principal.forEach(p -> names.add(text(p)));
            } else {
                names.add("anybody");
            }
        }
        return String.join(
                ", ", names.stream().map(n -> n.equals("*") ? "anybody" : n).toList());
    }

    private static String list(JsonNode oneOrMore) {
        return oneOrMore.isArray()
                ? oneOrMore.valueStream().map(n -> "`" + text(n) + "`").collect(Collectors.joining(", "))
                : "`" + text(oneOrMore) + "`";
    }

    /// A value as its template has it, functions as `${…}`.
    private static String text(JsonNode value) {
        if (value.has("Ref")) {
            return "${" + value.path("Ref").asString("") + "}";
        }
        if (value.has("Fn::GetAtt")) {
            JsonNode parts = value.path("Fn::GetAtt");
            return "${" + parts.path(0).asString("") + "."
                    + parts.path(1).asString("").toLowerCase(Locale.ROOT) + "}";
        }
        if (value.has("Fn::Join")) {
            String between = value.path("Fn::Join").path(0).asString("");
            return value.path("Fn::Join")
                    .path(1)
                    .valueStream()
                    .map(Rights::text)
                    .collect(Collectors.joining(between));
        }
        if (value.has("Fn::Sub")) {
            return text(value.path("Fn::Sub"));
        }
        return value.isArray()
                ? value.valueStream().map(Rights::text).collect(Collectors.joining(", "))
                : Objects.requireNonNullElse(value.asString(value.toString()), "");
    }
}
