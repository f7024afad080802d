package io.pairbatch.standins.expression;

import java.util.List;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An update with the values from its request.
public final class Change {

    static final Change NONE = new Change(new Update(List.of(), List.of(), List.of(), List.of()), Map.of());

    private final Update update;
    private final Map<String, AttributeValue> values;

    Change(Update update, Map<String, AttributeValue> values) {
        this.update = update;
        this.values = values;
    }

    /// The item after it.
    ///
    /// @param old the item before it, with its key; unchanged
    public Map<String, AttributeValue> apply(Map<String, AttributeValue> old) {
        Map<String, AttributeValue> item = update.apply(old, values);
        // Only nested values may have become too deep; everything else was checked before.
        return whole() ? item : Values.checked(item);
    }

    /// Whether it only removes attributes.
    public boolean onlyTakes() {
        return update.onlyTakes();
    }

    /// The attributes of the item that it changes.
    public Set<String> attributes() {
        return update.attributes();
    }

    /// Whether it changes only whole attributes, none in part.
    public boolean whole() {
        for (DocumentPath path : update.paths()) {
            if (!path.top()) {
                return false;
            }
        }
        return true;
    }
}
