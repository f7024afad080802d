package io.pairbatch.standins;

import io.pairbatch.standins.expression.Change;
import io.pairbatch.standins.expression.Expressions;
import io.pairbatch.standins.expression.Invalid;
import io.pairbatch.standins.expression.Placeholders;
import io.pairbatch.standins.expression.Values;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Update;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;

/// Reads writes from requests. An error in the request itself is refused at once; what does not fit the table, such as
/// a key of the wrong type, only when the write is carried out: a transaction reports that as the reason for its item.
final class Writes {

    private static final Set<String> CONDITION = Set.of(
            "TableName",
            "Key",
            "ConditionExpression",
            "ExpressionAttributeNames",
            "ExpressionAttributeValues",
            "ReturnValuesOnConditionCheckFailure");

    private final TableSchema schema;
    private final ItemRules rules;
    private final Expressions expressions;
    private final Known known = new Known();

    Writes(TableSchema schema, ItemRules rules, Expressions expressions) {
        this.schema = schema;
        this.rules = rules;
        this.expressions = expressions;
    }

    /// An update, and its changes.
    record Updating(Supplier<Write> write, Change change) {}

    Supplier<Write> put(PutItemRequest r) {
        known.only(r, with("Item", "ReturnValues"));
        return put(
                r.item(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                r.returnValuesOnConditionCheckFailureAsString());
    }

    Supplier<Write> put(Put r) {
        known.only(r, with("Item"));
        return put(
                r.item(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                r.returnValuesOnConditionCheckFailureAsString());
    }

    private Supplier<Write> put(
            Map<String, AttributeValue> item,
            Placeholders placeholders,
            @Nullable String expression,
            @Nullable String onFailure) {
        Predicate<Map<String, AttributeValue>> condition = placeholders.condition(expression);
        placeholders.allUsed();
        boolean tellsOld = tellsOld(onFailure);
        Map<String, AttributeValue> checked = Values.checked(item);
        rules.noEmptyKeys(checked);
        return () -> {
            Row row = rules.row(checked);
            return new Write(row.key(), condition, old -> row, tellsOld);
        };
    }

    Updating update(UpdateItemRequest r) {
        known.only(r, with("UpdateExpression", "ReturnValues"));
        return update(
                r.key(),
                r.updateExpression(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                r.returnValuesOnConditionCheckFailureAsString());
    }

    Supplier<Write> update(Update r) {
        known.only(r, with("UpdateExpression"));
        required("updateExpression", r.updateExpression());
        return update(
                        r.key(),
                        r.updateExpression(),
                        expressions.with(
                                r.hasExpressionAttributeNames(),
                                r.expressionAttributeNames(),
                                r.hasExpressionAttributeValues(),
                                r.expressionAttributeValues()),
                        r.conditionExpression(),
                        r.returnValuesOnConditionCheckFailureAsString())
                .write();
    }

    private Updating update(
            Map<String, AttributeValue> keyAttributes,
            @Nullable String updateExpression,
            Placeholders placeholders,
            @Nullable String expression,
            @Nullable String onFailure) {
        Change change = placeholders.change(updateExpression, schema.keys());
        Predicate<Map<String, AttributeValue>> condition = placeholders.condition(expression);
        placeholders.allUsed();
        boolean tellsOld = tellsOld(onFailure);
        rules.noEmptyKeys(keyAttributes);
        Write.Effect effect = old -> {
            if (old == null && change.onlyTakes()) {
                throw new IllegalArgumentException(
                        "an update that only removes, of an item that does not exist: not modelled");
            }
            return rules.updated(change.apply(old == null ? keyAttributes : old.item()));
        };
        return new Updating(() -> new Write(rules.key(keyAttributes), condition, effect, tellsOld), change);
    }

    Supplier<Write> delete(DeleteItemRequest r) {
        known.only(r, with("ReturnValues"));
        return unlessRefused(
                r.key(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                old -> null,
                r.returnValuesOnConditionCheckFailureAsString());
    }

    Supplier<Write> delete(Delete r) {
        known.only(r, CONDITION);
        return unlessRefused(
                r.key(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                old -> null,
                r.returnValuesOnConditionCheckFailureAsString());
    }

    Supplier<Write> check(ConditionCheck r) {
        known.only(r, CONDITION);
        required("conditionExpression", r.conditionExpression());
        return unlessRefused(
                r.key(),
                expressions.with(
                        r.hasExpressionAttributeNames(),
                        r.expressionAttributeNames(),
                        r.hasExpressionAttributeValues(),
                        r.expressionAttributeValues()),
                r.conditionExpression(),
                old -> old,
                r.returnValuesOnConditionCheckFailureAsString());
    }

    private Supplier<Write> unlessRefused(
            Map<String, AttributeValue> key,
            Placeholders placeholders,
            @Nullable String expression,
            Write.Effect effect,
            @Nullable String onFailure) {
        Predicate<Map<String, AttributeValue>> condition = placeholders.condition(expression);
        placeholders.allUsed();
        boolean tellsOld = tellsOld(onFailure);
        rules.noEmptyKeys(key);
        return () -> new Write(rules.key(key), condition, effect, tellsOld);
    }

    private static boolean tellsOld(@Nullable String onFailure) {
        if (onFailure == null || onFailure.equals("NONE")) {
            return false;
        }
        if (onFailure.equals("ALL_OLD")) {
            return true;
        }
        throw Invalid.constraint(
                "returnValuesOnConditionCheckFailure",
                onFailure,
                "Member must satisfy enum value set: [ALL_OLD, NONE]");
    }

    private static void required(String member, @Nullable Object value) {
        if (value == null) {
            throw Invalid.constraint(member, null, "Member must not be null");
        }
    }

    private static Set<String> with(String... more) {
        Set<String> all = new HashSet<>(CONDITION);
        all.addAll(List.of(more));
        return all;
    }
}
