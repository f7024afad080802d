package io.pairbatch.standins.expression;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The effect of an update expression on an item. Every value is computed from the old item, in any order.
final class Update {

    /// `SET path = source`
    record Assignment(DocumentPath path, Source source) {}

    /// `ADD name :value` or `DELETE name :value`
    record Amount(String name, Operand.Given value) {

        DocumentPath path() {
            return new DocumentPath(List.of(new DocumentPath.Name(name)));
        }
    }

    private final List<Assignment> sets;
    private final List<DocumentPath> removes;
    private final List<Amount> adds;
    private final List<Amount> deletes;
    private final List<DocumentPath> paths;
    private final Set<String> attributes;

    Update(List<Assignment> sets, List<DocumentPath> removes, List<Amount> adds, List<Amount> deletes) {
        // Elements that are set beyond a list's end are appended: the smaller index first.
        this.sets = sets.stream().sorted(Comparator.comparing(Assignment::path)).toList();
        // An element's index is its index before any of them is removed: the greatest first.
        this.removes = removes.stream().sorted(Comparator.reverseOrder()).toList();
        this.adds = List.copyOf(adds);
        this.deletes = List.copyOf(deletes);
        List<DocumentPath> all = new ArrayList<>();
        sets.forEach(set -> all.add(set.path()));
        all.addAll(removes);
        adds.forEach(add -> all.add(add.path()));
        deletes.forEach(delete -> all.add(delete.path()));
        this.paths = List.copyOf(all);
        this.attributes = all.stream().map(DocumentPath::attribute).collect(Collectors.toUnmodifiableSet());
    }

    /// Refuses values of types that their operator does not accept, for any item.
    void check(Map<String, AttributeValue> values) {
        for (Assignment set : sets) {
            set.source().check(values);
        }
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
        for (Assignment set : sets) {
            Paths.set(item, set.path(), set.source().of(old, values));
        }
        for (Amount add : adds) {
            item.merge(add.name(), add.value().in(values), Sets::plus);
        }
        for (Amount delete : deletes) {
            item.computeIfPresent(
                    delete.name(), (name, set) -> Sets.minus(set, delete.value().in(values)));
        }
        for (DocumentPath path : removes) {
            Paths.remove(item, path);
        }
        return item;
    }

    /// Whether it only removes attributes, so that it has no effect on a missing item.
    boolean onlyTakes() {
        return sets.isEmpty() && adds.isEmpty() && !paths.isEmpty();
    }

    /// The attributes of the item that it changes.
    Set<String> attributes() {
        return attributes;
    }

    /// The paths that it changes.
    List<DocumentPath> paths() {
        return paths;
    }
}
