package io.pairbatch.standins.expression;

import io.pairbatch.standins.expression.Expressions.Read;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// The `#names` and `:values` of one request; reads its expressions. Ends with [#allUsed].
public final class Placeholders {

    private static final int LONGEST = 255;

    private final Expressions expressions;
    private final Map<String, String> names;
    private final Map<String, AttributeValue> values;
    private final List<Read<?>> read = new ArrayList<>(2);

    Placeholders(
            Expressions expressions,
            boolean hasNames,
            Map<String, String> names,
            boolean hasValues,
            Map<String, AttributeValue> values) {
        this.expressions = expressions;
        this.names = names;
        names(hasNames, names);
        this.values = values(hasValues, values);
    }

    private static void names(boolean given, Map<String, String> names) {
        if (given && names.isEmpty()) {
            throw Invalid.request("ExpressionAttributeNames must not be empty");
        }
        names.forEach((key, name) -> {
            if (!isPlaceholder('#', key)) {
                throw Invalid.request(
                        "ExpressionAttributeNames contains invalid key: Syntax error; key: \"" + key + "\"");
            }
            if (name.isEmpty()) {
                throw Invalid.request("ExpressionAttributeNames contains invalid value for key " + key);
            }
        });
    }

    private static Map<String, AttributeValue> values(boolean given, Map<String, AttributeValue> values) {
        if (given && values.isEmpty()) {
            throw Invalid.request("ExpressionAttributeValues must not be empty");
        }
        Map<String, AttributeValue> checked = new HashMap<>();
        values.forEach((key, value) -> {
            if (!isPlaceholder(':', key)) {
                throw Invalid.request(
                        "ExpressionAttributeValues contains invalid key: Syntax error; key: \"" + key + "\"");
            }
            checked.put(key, checked(key, value));
        });
        return checked;
    }

    private static boolean isPlaceholder(char sign, String key) {
        if (key.length() < 2 || key.length() > LONGEST || key.charAt(0) != sign) {
            return false;
        }
        for (int i = 1; i < key.length(); i++) {
            if (!Tokens.isWord(key.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static AttributeValue checked(String key, AttributeValue value) {
        try {
            return Values.checked(value);
        } catch (DynamoDbException e) {
            throw Invalid.request("ExpressionAttributeValues contains invalid value: "
                    + e.awsErrorDetails().errorMessage() + " for key " + key);
        }
    }

    /// What an item must satisfy; always true without an expression.
    public Predicate<Map<String, AttributeValue>> condition(@Nullable String expression) {
        return condition(Kind.CONDITION, expression, Set.of());
    }

    /// What a found item must satisfy.
    ///
    /// @param keys the attributes that it must not use, because they belong in the key condition
    public Predicate<Map<String, AttributeValue>> filter(@Nullable String expression, Set<String> keys) {
        return condition(Kind.FILTER, expression, keys);
    }

    private Predicate<Map<String, AttributeValue>> condition(
            Kind kind, @Nullable String expression, Set<String> refused) {
        if (expression == null) {
            return item -> true;
        }
        Read<Condition> condition = noted(kind, expressions.condition(kind, expression, names));
        for (String attribute : refused) {
            if (condition.attributes().contains(attribute)) {
                throw Invalid.request("Filter Expression can only contain non-primary key attributes: Primary key"
                        + " attribute: " + attribute);
            }
        }
        Condition tree = condition.tree();
        tree.check(kind, values);
        return item -> tree.holds(item, values);
    }

    /// The items that a query requests.
    public KeyCondition keyCondition(String expression, String partitionKey, String sortKey) {
        Read<Condition> condition =
                noted(Kind.KEY_CONDITION, expressions.condition(Kind.KEY_CONDITION, expression, names));
        condition.tree().check(Kind.KEY_CONDITION, values);
        return KeyCondition.of(condition.tree(), partitionKey, sortKey, values);
    }

    /// The requested parts of an item; null for all of it, without an expression.
    public @Nullable Projection projection(@Nullable String expression) {
        return expression == null
                ? null
                : noted(Kind.PROJECTION, expressions.projection(expression, names))
                        .tree();
    }

    /// The changes to an item; none without an expression.
    ///
    /// @param keys the attributes that it must not change
    public Change change(@Nullable String expression, Set<String> keys) {
        if (expression == null) {
            return Change.NONE;
        }
        Read<Update> read = noted(Kind.UPDATE, expressions.update(expression, names));
        Update update = read.tree();
        update.check(values);
        for (String attribute : update.attributes()) {
            if (keys.contains(attribute)) {
                throw Invalid.request("One or more parameter values were invalid: Cannot update attribute " + attribute
                        + ". This attribute is part of the key");
            }
        }
        return new Change(update, values);
    }

    private <T> Read<T> noted(Kind kind, Read<T> expression) {
        for (String value : expression.values()) {
            if (!values.containsKey(value)) {
                throw kind.invalid(
                        "An expression attribute value used in expression is not defined; attribute value: " + value);
            }
        }
        read.add(expression);
        return expression;
    }

    /// Refuses placeholders that no expression has used.
    public void allUsed() {
        allUsed("ExpressionAttributeNames", names.keySet(), Read::names);
        allUsed("ExpressionAttributeValues", values.keySet(), Read::values);
    }

    private void allUsed(String member, Set<String> given, Function<Read<?>, Set<String>> used) {
        for (String key : given) {
            if (read.isEmpty()) {
                throw Invalid.request(member + " can only be specified when using expressions");
            }
            if (read.stream().noneMatch(r -> used.apply(r).contains(key))) {
                throw Invalid.request("Value provided in " + member + " unused in expressions: keys: {" + key + "}");
            }
        }
    }
}
