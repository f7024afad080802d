package io.pairbatch.standins.expression;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The location of a value in an item: `a`, `a.b[0].c`. The first step is always a name.
record DocumentPath(List<Step> steps) implements Comparable<DocumentPath> {

    /// One step down.
    sealed interface Step extends Comparable<Step> {}

    /// To an attribute of the item or an entry of a map.
    record Name(String name) implements Step {

        @Override
        public int compareTo(Step other) {
            return other instanceof Name its ? name.compareTo(its.name()) : 1;
        }
    }

    /// To an element of a list.
    record Index(int index) implements Step {

        @Override
        public int compareTo(Step other) {
            return other instanceof Index its ? Integer.compare(index, its.index()) : -1;
        }
    }

    /// The attribute of the item that contains it.
    String attribute() {
        return ((Name) steps.getFirst()).name();
    }

    /// Whether it is an attribute of the item itself.
    boolean top() {
        return steps.size() == 1;
    }

    /// The value at this path; null if there is none.
    @Nullable
    AttributeValue in(Map<String, AttributeValue> item) {
        AttributeValue value = item.get(attribute());
        for (int i = 1; i < steps.size() && value != null; i++) {
            value = child(value, steps.get(i));
        }
        return value;
    }

    /// The value one step below another.
    static @Nullable AttributeValue child(AttributeValue value, Step step) {
        return switch (step) {
            case Name name -> value.hasM() ? value.m().get(name.name()) : null;
            case Index index ->
                value.hasL() && index.index() < value.l().size() ? value.l().get(index.index()) : null;
        };
    }

    /// Refuses two paths of one expression if one of them contains the other, or if they disagree about a type.
    static void apart(Kind kind, List<DocumentPath> paths) {
        for (int i = 0; i < paths.size(); i++) {
            for (int j = i + 1; j < paths.size(); j++) {
                paths.get(i).apart(kind, paths.get(j));
            }
        }
    }

    private void apart(Kind kind, DocumentPath other) {
        int shorter = Math.min(steps.size(), other.steps.size());
        for (int i = 0; i < shorter; i++) {
            Step mine = steps.get(i);
            Step its = other.steps.get(i);
            if (!mine.equals(its)) {
                if (mine.getClass() == its.getClass()) {
                    return;
                }
                throw kind.invalid("Two document paths conflict with each other; must remove or rewrite one of these"
                        + " paths; path one: " + this + ", path two: " + other);
            }
        }
        throw kind.invalid("Two document paths overlap with each other; must remove or rewrite one of these paths;"
                + " path one: " + this + ", path two: " + other);
    }

    /// Compares the steps from the first on, names as text.
    @Override
    public int compareTo(DocumentPath other) {
        int shorter = Math.min(steps.size(), other.steps.size());
        for (int i = 0; i < shorter; i++) {
            int order = steps.get(i).compareTo(other.steps.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(steps.size(), other.steps.size());
    }

    /// In the service's format.
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> switch (step) {
                    case Name name -> name.name();
                    case Index index -> "[" + index.index() + "]";
                })
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
