package io.pairbatch.standins.expression;

import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What an expression compares or stores.
sealed interface Operand {

    /// Its value for an item; null if there is none.
    @Nullable
    AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values);

    /// The value at a path.
    record At(DocumentPath path) implements Operand {

        @Override
        public @Nullable AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return path.in(item);
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    /// A value from the request.
    record Given(String name) implements Operand {

        @Override
        public AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            return in(values);
        }

        AttributeValue in(Map<String, AttributeValue> values) {
            return Objects.requireNonNull(values.get(name), name);
        }
    }

    /// `size(path)`
    record Size(DocumentPath path) implements Operand {

        @Override
        public @Nullable AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = path.in(item);
            if (value == null) {
                return null;
            }
            return switch (value.type()) {
                // The service counts UTF-16 code units, as Java does.
                case S -> count(value.s().length());
                case B -> count(value.b().asByteArrayUnsafe().length);
                case SS -> count(value.ss().size());
                case NS -> count(value.ns().size());
                case BS -> count(value.bs().size());
                case L -> count(value.l().size());
                case M -> count(value.m().size());
                case N, BOOL, NUL, UNKNOWN_TO_SDK_VERSION -> null;
            };
        }

        private static AttributeValue count(int count) {
            return AttributeValue.fromN(Integer.toString(count));
        }
    }
}
