package io.pairbatch.chaos.asl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Objects and lists that an expression creates.
final class Constructors {

    private Constructors() {}

    /// `{'name': value, …}`; a value that yields nothing is left out.
    record MadeObject(Map<String, Node> fields) implements Node {

        @Override
        public Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            Map<String, Object> made = LinkedHashMap.newLinkedHashMap(fields.size());
            for (Map.Entry<String, Node> field : fields.entrySet()) {
                Object value = field.getValue().of(bindings, context);
                if (value != null) {
                    made.put(field.getKey(), value);
                }
            }
            return made;
        }
    }

    /// `[item, …]`; an item that yields nothing is left out, and a list is flattened unless it is created here.
    record MadeList(List<Node> items) implements Node {

        @Override
        public Object of(Bindings bindings, @Nullable Object context) throws ExpressionFailed {
            List<Object> made = new ArrayList<>(items.size());
            for (Node item : items) {
                Object value = item.of(bindings, context);
                if (value instanceof List<?> list && !(item instanceof MadeList)) {
                    made.addAll(list);
                } else if (value != null) {
                    made.add(value);
                }
            }
            return made;
        }
    }
}
