package io.pairbatch.spec;

import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// `judges`, in a job file and in a frozen job. A job's are read by [PanelReader].
final class JudgesField {

    /// How many judges a job may have.
    static final int MOST = 20;

    /// How long the name of one may be.
    static final int LONGEST_NAME = 60;

    private JudgesField() {}

    static Kind<List<Judge>> kind() {
        return new Kind<>(
                false,
                "list of objects",
                JudgesField::constrain,
                (fields, name) -> null,
                (json, name, judges) -> {
                    json.writeArrayPropertyStart(name);
                    judges.forEach(judge -> judge.write(json));
                    json.writeEndArray();
                },
                frozen -> frozen.valueStream().map(Judge::thaw).toList());
    }

    private static void constrain(ObjectNode schema) {
        schema.put("type", "array").put("maxItems", MOST);
        ObjectNode judge = schema.putObject("items").put("type", "object");
        judge.putObject("properties")
                .putObject(Judge.NAME)
                .put("type", "string")
                .put("minLength", 1)
                .put("maxLength", LONGEST_NAME);
    }
}
