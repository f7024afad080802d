package io.pairbatch.standins.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What an update expression does to an item. Every value is made of the item as it was, in whatever order they stand.
record Update(List<Assignment> sets, List<DocumentPath> removes, List<Amount> adds, List<Amount> deletes) {

    /// `SET path = source`
    record Assignment(DocumentPath path, Source source) {}

    /// `ADD name :value` or `DELETE name :value`
    record Amount(String name, Operand.Given value) {}

    /// Refuses values of types that their operator does not take, whatever the item.
    void check(Map<String, AttributeValue> values) {
        sets.forEach(set -> set.source().check(values));
        for (Amount add : adds) {
            AttributeValue value = add.value().in(values);
            if (value.type() != AttributeValue.Type.N && !Sets.isSet(value)) {
                throw Checks.operand(Kind.UPDATE, "ADD", value);
            }
        }
        for (Amount delete : deletes) {
            if (!Sets.isSet(delete.value().in(values))) {
                throw Checks.operand(Kind.UPDATE, "DELETE", delete.value().in(values));
            }
        }
    }

    /// The item after it.
    ///
    /// @param old the item before it, with its key; unchanged
    Map<String, AttributeValue> apply(Map<String, AttributeValue> old, Map<String, AttributeValue> values) {
        Map<String, AttributeValue> item = new TreeMap<>(old);
        // What is set beyond a list's end is appended: the smaller index first.
        sets.stream()
                .map(set -> Map.entry(set.path(), set.source().of(old, values)))
                .sorted(Map.Entry.comparingByKey())
                .forEach(set -> Paths.set(item, set.getKey(), set.getValue()));
        for (Amount add : adds) {
            item.merge(add.name(), add.value().in(values), Sets::plus);
        }
        for (Amount delete : deletes) {
            item.computeIfPresent(
                    delete.name(), (name, set) -> Sets.minus(set, delete.value().in(values)));
        }
        // An element's index is its index before any of them goes: the greatest first.
        removes.stream().sorted(Comparator.reverseOrder()).forEach(path -> Paths.remove(item, path));
        return item;
    }

    /// Whether it gives the item any attribute, so that it makes an item where there is none.
    boolean gives() {
        return !sets.isEmpty() || !adds.isEmpty();
    }

    /// The attributes of the item that it changes.
    Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        paths().forEach(path -> names.add(path.attribute()));
        return names;
    }

    /// Where it changes the item.
    List<DocumentPath> paths() {
        List<DocumentPath> paths = new ArrayList<>();
        sets.forEach(set -> paths.add(set.path()));
        paths.addAll(removes);
        adds.forEach(add -> paths.add(new DocumentPath(List.of(new DocumentPath.Name(add.name())))));
        deletes.forEach(delete -> paths.add(new DocumentPath(List.of(new DocumentPath.Name(delete.name())))));
        return paths;
    }
}
