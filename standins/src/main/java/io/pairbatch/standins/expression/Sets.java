package io.pairbatch.standins.expression;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// What ADD and DELETE do.
final class Sets {

    private Sets() {}

    static boolean isSet(AttributeValue value) {
        return value.type() == AttributeValue.Type.SS
                || value.type() == AttributeValue.Type.NS
                || value.type() == AttributeValue.Type.BS;
    }

    /// The sum of two numbers or the union of two sets.
    static AttributeValue plus(AttributeValue old, AttributeValue value) {
        sameType(old, value);
        if (old.type() == AttributeValue.Type.N) {
            return AttributeValue.fromN(Numbers.normal(Source.number(old).add(Source.number(value))));
        }
        return Values.checked(both(old, value, new Union()));
    }

    /// A set without the elements of another; null if none are left.
    static @Nullable AttributeValue minus(AttributeValue old, AttributeValue value) {
        sameType(old, value);
        AttributeValue left = both(old, value, new Difference());
        return left.ss().isEmpty() && left.ns().isEmpty() && left.bs().isEmpty() ? null : left;
    }

    private static void sameType(AttributeValue old, AttributeValue value) {
        if (old.type() != value.type()) {
            throw Source.wrongType();
        }
    }

    private interface Operation {

        <T> List<T> of(List<T> a, List<T> b);
    }

    private record Union() implements Operation {

        @Override
        public <T> List<T> of(List<T> a, List<T> b) {
            List<T> all = new ArrayList<>(a);
            b.stream().filter(element -> !a.contains(element)).forEach(all::add);
            return all;
        }
    }

    private record Difference() implements Operation {

        @Override
        public <T> List<T> of(List<T> a, List<T> b) {
            return a.stream().filter(element -> !b.contains(element)).toList();
        }
    }

    private static AttributeValue both(AttributeValue a, AttributeValue b, Operation operation) {
        return switch (a.type()) {
            case SS -> AttributeValue.fromSs(operation.of(a.ss(), b.ss()));
            case NS -> AttributeValue.fromNs(operation.of(a.ns(), b.ns()));
            default -> AttributeValue.fromBs(operation.of(a.bs(), b.bs()));
        };
    }
}
