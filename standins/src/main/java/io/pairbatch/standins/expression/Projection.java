package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.DocumentPath.Index;
import io.pairbatch.standins.expression.DocumentPath.Name;
import io.pairbatch.standins.expression.DocumentPath.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The requested parts of an item.
public final class Projection {

    private final List<DocumentPath> paths;

    private Projection(List<DocumentPath> paths) {
        this.paths = paths;
    }

    static Projection read(Tokens tokens, Names names) {
        List<DocumentPath> paths = new ArrayList<>();
        do {
            paths.add(names.path());
        } while (tokens.taken(","));
        tokens.expectEnd();
        DocumentPath.apart(tokens.kind(), paths);
        return new Projection(List.copyOf(paths));
    }

    /// The attributes that contain them.
    public Set<String> attributes() {
        Set<String> names = new TreeSet<>();
        paths.forEach(path -> names.add(path.attribute()));
        return names;
    }

    /// The requested parts that an item has.
    public Map<String, AttributeValue> of(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> found = new TreeMap<>();
        Map<String, List<DocumentPath>> deeper = new TreeMap<>();
        for (DocumentPath path : paths) {
            AttributeValue value = path.in(item);
            if (value == null) {
                continue;
            }
            if (path.top()) {
                found.put(path.attribute(), value);
            } else {
                deeper.computeIfAbsent(path.attribute(), name -> new ArrayList<>())
                        .add(path);
            }
        }
        deeper.forEach((name, wanted) -> found.put(name, part(Objects.requireNonNull(item.get(name)), wanted, 1)));
        return found;
    }

    /// A value without the parts that no path refers to; elements of a list move together.
    private static AttributeValue part(AttributeValue value, List<DocumentPath> wanted, int level) {
        Map<Step, List<DocumentPath>> children = new TreeMap<>();
        for (DocumentPath path : wanted) {
            if (path.steps().size() == level) {
                return value;
            }
            children.computeIfAbsent(path.steps().get(level), step -> new ArrayList<>())
                    .add(path);
        }
        Map<String, AttributeValue> entries = new TreeMap<>();
        List<AttributeValue> elements = new ArrayList<>();
        children.forEach((step, paths) -> {
            AttributeValue child = part(Objects.requireNonNull(DocumentPath.child(value, step)), paths, level + 1);
            switch (step) {
                case Name name -> entries.put(name.name(), child);
                case Index index -> elements.add(child);
            }
        });
        return value.type() == AttributeValue.Type.M ? AttributeValue.fromM(entries) : AttributeValue.fromL(elements);
    }
}
