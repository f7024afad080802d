package io.pairbatch.standins.expression;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// What a SET stores: computed from the request's values and the old item.
sealed interface Source {

    AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values);

    /// Refuses values of types that their operator does not accept, for any item.
    void check(Map<String, AttributeValue> values);

    /// A value, or the value at a path.
    record Plain(Operand operand) implements Source {

        @Override
        public AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = operand.of(item, values);
            if (value == null) {
                throw Invalid.request("The provided expression refers to an attribute that does not exist in the item");
            }
            return value;
        }

        @Override
        public void check(Map<String, AttributeValue> values) {}
    }

    record IfNotExists(DocumentPath path, Source otherwise) implements Source {

        @Override
        public AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            AttributeValue value = path.in(item);
            return value == null ? otherwise.of(item, values) : value;
        }

        @Override
        public void check(Map<String, AttributeValue> values) {
            otherwise.check(values);
        }
    }

    record ListAppend(Source first, Source second) implements Source {

        @Override
        public AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            List<AttributeValue> all = new ArrayList<>(list(first.of(item, values)));
            all.addAll(list(second.of(item, values)));
            return AttributeValue.fromL(all);
        }

        private static List<AttributeValue> list(AttributeValue value) {
            if (value.type() != AttributeValue.Type.L) {
                throw wrongType();
            }
            return value.l();
        }

        @Override
        public void check(Map<String, AttributeValue> values) {
            for (Source source : List.of(first, second)) {
                source.check(values);
                given(source, values, "list_append", AttributeValue.Type.L);
            }
        }
    }

    /// The sum or the difference of two numbers.
    ///
    /// @param minus whether the second is subtracted from the first, rather than added
    record Sum(Source first, boolean minus, Source second) implements Source {

        @Override
        public AttributeValue of(Map<String, AttributeValue> item, Map<String, AttributeValue> values) {
            BigDecimal a = number(first.of(item, values));
            BigDecimal b = number(second.of(item, values));
            return AttributeValue.fromN(Numbers.normal(minus ? a.subtract(b) : a.add(b)));
        }

        @Override
        public void check(Map<String, AttributeValue> values) {
            for (Source source : List.of(first, second)) {
                source.check(values);
                given(source, values, minus ? "-" : "+", AttributeValue.Type.N);
            }
        }
    }

    static BigDecimal number(AttributeValue value) {
        if (value.type() != AttributeValue.Type.N) {
            throw wrongType();
        }
        return new BigDecimal(value.n());
    }

    /// The item holds something of another type than the update needs.
    static DynamoDbException wrongType() {
        return Invalid.request("An operand in the update expression has an incorrect data type");
    }

    private static void given(
            Source source, Map<String, AttributeValue> values, String operator, AttributeValue.Type type) {
        @Nullable
        AttributeValue value =
                source instanceof Plain plain && plain.operand() instanceof Operand.Given it ? it.in(values) : null;
        if (value != null && value.type() != type) {
            throw Checks.operand(Kind.UPDATE, operator, value);
        }
    }
}
