package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.DocumentPath.Index;
import io.pairbatch.standins.expression.DocumentPath.Name;
import io.pairbatch.standins.expression.DocumentPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// Changes the value at a path: in the item itself, and in new copies of the nested values.
final class Paths {

    private Paths() {}

    static void set(Map<String, AttributeValue> item, DocumentPath path, AttributeValue value) {
        change(item, path, value);
    }

    static void remove(Map<String, AttributeValue> item, DocumentPath path) {
        change(item, path, null);
    }

    private static void change(Map<String, AttributeValue> item, DocumentPath path, @Nullable AttributeValue value) {
        String attribute = path.attribute();
        if (!path.top()) {
            item.put(attribute, changed(present(item.get(attribute)), path.steps(), 1, value));
        } else if (value == null) {
            item.remove(attribute);
        } else {
            item.put(attribute, value);
        }
    }

    /// A value with a nested value replaced.
    private static AttributeValue changed(
            AttributeValue container, List<Step> steps, int at, @Nullable AttributeValue value) {
        Step step = steps.get(at);
        boolean last = at == steps.size() - 1;
        AttributeValue inner =
                last ? value : changed(present(DocumentPath.child(container, step)), steps, at + 1, value);
        return switch (step) {
            case Name name -> entry(container, name.name(), inner);
            case Index index -> element(container, index.index(), inner);
        };
    }

    private static AttributeValue entry(AttributeValue container, String name, @Nullable AttributeValue value) {
        if (container.type() != AttributeValue.Type.M) {
            throw notThere();
        }
        Map<String, AttributeValue> entries = new TreeMap<>(container.m());
        if (value == null) {
            entries.remove(name);
        } else {
            entries.put(name, value);
        }
        return AttributeValue.fromM(entries);
    }

    private static AttributeValue element(AttributeValue container, int index, @Nullable AttributeValue value) {
        if (container.type() != AttributeValue.Type.L) {
            throw notThere();
        }
        List<AttributeValue> elements = new ArrayList<>(container.l());
        if (value != null && index < elements.size()) {
            elements.set(index, value);
        } else if (value != null) {
            elements.add(value);
        } else if (index < elements.size()) {
            elements.remove(index);
        }
        return AttributeValue.fromL(elements);
    }

    private static AttributeValue present(@Nullable AttributeValue value) {
        if (value == null) {
            throw notThere();
        }
        return value;
    }

    private static DynamoDbException notThere() {
        return Invalid.request("The document path provided in the update expression is invalid for update");
    }
}
