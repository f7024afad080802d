package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.Condition.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The items that a query requests: one partition, all of it or a range.
public record KeyCondition(String partition, SortRange range) {

    /// Reads it from a condition.
    ///
    /// @param partitionKey the attribute that names the partition, a string
    /// @param sortKey the attribute by which its items are sorted, a string
    static KeyCondition of(
            Condition condition, String partitionKey, String sortKey, Map<String, AttributeValue> values) {
        @Nullable String partition = null;
        @Nullable SortRange range = null;
        for (Condition term : terms(condition)) {
            Reading reading = new Reading(term, values);
            if (reading.attribute.equals(partitionKey) && partition == null) {
                if (!(term instanceof Condition.Compare compare) || compare.comparison() != Comparison.EQUAL) {
                    throw notSupported();
                }
                partition = reading.text(partitionKey, compare.right());
            } else if (reading.attribute.equals(sortKey) && range == null) {
                range = reading.range();
            } else if (reading.attribute.equals(partitionKey) || reading.attribute.equals(sortKey)) {
                throw Kind.KEY_CONDITION.invalid("KeyConditionExpressions must only contain one condition per key");
            } else {
                throw Invalid.request(
                        "Query condition missed key schema element: " + (partition == null ? partitionKey : sortKey));
            }
        }
        if (partition == null) {
            throw Invalid.request("Query condition missed key schema element: " + partitionKey);
        }
        return new KeyCondition(partition, range == null ? SortRange.ALL : range);
    }

    private static List<Condition> terms(Condition condition) {
        List<Condition> terms = new ArrayList<>();
        if (condition instanceof Condition.And both) {
            terms.addAll(terms(both.left()));
            terms.addAll(terms(both.right()));
        } else {
            terms.add(condition);
        }
        return terms;
    }

    private static DynamoDbException notSupported() {
        return Invalid.request("Query key condition not supported");
    }

    /// One term: an attribute of the item, and the value given for it.
    private static final class Reading {

        private final Condition term;
        private final Map<String, AttributeValue> values;
        private final String attribute;

        Reading(Condition term, Map<String, AttributeValue> values) {
            this.term = term;
            this.values = values;
            Operand operand = switch (term) {
                case Condition.Compare compare -> compare.left();
                case Condition.Between between -> between.operand();
                case Condition.BeginsWith begins -> begins.operand();
                default ->
                    throw Kind.KEY_CONDITION.invalid("Invalid operator used in KeyConditionExpression: "
                            + term.getClass().getSimpleName());
            };
            if (!(operand instanceof Operand.At at) || !at.path().top()) {
                throw notSupported();
            }
            this.attribute = at.path().attribute();
        }

        SortRange range() {
            return switch (term) {
                case Condition.Compare compare -> {
                    if (compare.comparison() == Comparison.NOT_EQUAL) {
                        throw notSupported();
                    }
                    yield SortRange.of(compare.comparison(), text(attribute, compare.right()));
                }
                case Condition.Between between ->
                    SortRange.between(text(attribute, between.lower()), text(attribute, between.upper()));
                case Condition.BeginsWith begins -> SortRange.beginningWith(text(attribute, begins.prefix()));
                default -> throw notSupported();
            };
        }

        String text(String key, Operand operand) {
            if (!(operand instanceof Operand.Given given)) {
                throw notSupported();
            }
            AttributeValue value = given.in(values);
            if (value.type() != AttributeValue.Type.S) {
                throw Invalid.request("One or more parameter values were invalid: Condition parameter type does not"
                        + " match schema type");
            }
            if (value.s().isEmpty()) {
                throw Invalid.request("One or more parameter values are not valid. The AttributeValue for a key"
                        + " attribute cannot contain an empty string value. Key: " + key);
            }
            return value.s();
        }
    }
}
