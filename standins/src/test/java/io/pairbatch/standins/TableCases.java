package io.pairbatch.standins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemRequest;
import software.amazon.awssdk.services.dynamodb.model.UpdateItemResponse;

/// What the cases of a table's contract start with. The table is Pairbatch's registry: its keys are `job_id` and
/// `item`, its indexes `jobs-by-time` and `open-by-account`.
public interface TableCases {

    Pattern VALUE = Pattern.compile(":\\w+");

    DynamoDbClient dynamo();

    String table();

    /// A job for which no other case writes an item.
    String job();

    static AttributeValue s(String text) {
        return AttributeValue.fromS(text);
    }

    static AttributeValue n(long number) {
        return AttributeValue.fromN(Long.toString(number));
    }

    static AttributeValue n(String number) {
        return AttributeValue.fromN(number);
    }

    static AttributeValue list(AttributeValue... elements) {
        return AttributeValue.fromL(List.of(elements));
    }

    static AttributeValue map(Map<String, AttributeValue> entries) {
        return AttributeValue.fromM(entries);
    }

    /// The values that an expression may use, each under a name that describes it.
    static Map<String, AttributeValue> valuesOf(@Nullable String... expressions) {
        Map<String, AttributeValue> all = new HashMap<>();
        all.put(":abc", s("abc"));
        all.put(":abd", s("abd"));
        all.put(":ab", s("ab"));
        all.put(":b", s("b"));
        all.put(":z", s("z"));
        all.put(":empty", s(""));
        all.put(":zero", n(0));
        all.put(":one", n(1));
        all.put(":two", n(2));
        all.put(":three", n(3));
        all.put(":five", n(5));
        all.put(":five_again", n("5.0"));
        all.put(":ten", n(10));
        all.put(":no", AttributeValue.fromBool(false));
        all.put(":yes", AttributeValue.fromBool(true));
        all.put(":null", AttributeValue.fromNul(true));
        all.put(":bytes", AttributeValue.fromB(SdkBytes.fromUtf8String("ab")));
        all.put(":none", list());
        all.put(":list", list(n(7), s("x")));
        all.put(":map", map(Map.of("leaf", s("deep"))));
        all.put(":texts", AttributeValue.fromSs(List.of("b", "a")));
        all.put(":text_a", AttributeValue.fromSs(List.of("a")));
        all.put(":numbers", AttributeValue.fromNs(List.of("1", "2")));
        all.put(":S", s("S"));
        all.put(":N", s("N"));
        all.put(":M", s("M"));
        all.put(":SS", s("SS"));
        all.put(":NULL", s("NULL"));
        all.put(":no_type", s("TEXT"));
        Map<String, AttributeValue> used = new HashMap<>();
        for (String expression : expressions) {
            VALUE.matcher(Objects.requireNonNullElse(expression, ""))
                    .results()
                    .forEach(match ->
                            used.put(match.group(), Objects.requireNonNull(all.get(match.group()), match.group())));
        }
        return used;
    }

    default Map<String, AttributeValue> key(String item) {
        return key(job(), item);
    }

    default Map<String, AttributeValue> key(String job, String item) {
        return Map.of("job_id", s(job), "item", s(item));
    }

    default Map<String, AttributeValue> item(String item, Map<String, AttributeValue> attributes) {
        Map<String, AttributeValue> all = new HashMap<>(attributes);
        all.putAll(key(item));
        return all;
    }

    default void put(String item, Map<String, AttributeValue> attributes) {
        dynamo().putItem(r -> r.tableName(table()).item(item(item, attributes)));
    }

    /// The item without its key.
    default Map<String, AttributeValue> get(String item) {
        Map<String, AttributeValue> all = new HashMap<>(
                dynamo().getItem(r -> r.tableName(table()).key(key(item)).consistentRead(true))
                        .item());
        all.keySet().removeAll(List.of("job_id", "item"));
        return all;
    }

    default boolean exists(String item) {
        return dynamo().getItem(r -> r.tableName(table()).key(key(item)).consistentRead(true))
                .hasItem();
    }

    /// Updates an item with the values that its expressions use.
    default UpdateItemResponse update(
            String item, String update, @Nullable String condition, Consumer<UpdateItemRequest.Builder> more) {
        Map<String, AttributeValue> values = valuesOf(update, condition);
        return dynamo().updateItem(r -> {
            r.tableName(table()).key(key(item)).updateExpression(update).conditionExpression(condition);
            if (!values.isEmpty()) {
                r.expressionAttributeValues(values);
            }
            more.accept(r);
        });
    }

    default UpdateItemResponse update(String item, String update) {
        return update(item, update, null, r -> {});
    }

    /// Whether a condition holds for an item.
    default boolean holds(String item, String condition) {
        try {
            update(item, "SET checked = :yes", condition, r -> {});
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /// Checks that the service refuses the request, for any content of the table.
    default void refused(ThrowingCallable call) {
        DynamoDbException refusal = refusal(call);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(refusal).as("for another reason").hasMessageNotContaining("reserved keyword");
    }

    /// Checks that the service refuses the request because of a reserved word.
    default void reserved(ThrowingCallable call) {
        DynamoDbException refusal = refusal(call);
        assertThat(refusal.awsErrorDetails().errorCode()).isEqualTo("ValidationException");
        assertThat(refusal).hasMessageContaining("reserved keyword");
    }

    default String code(ThrowingCallable call) {
        return refusal(call).awsErrorDetails().errorCode();
    }

    private static DynamoDbException refusal(ThrowingCallable call) {
        return Objects.requireNonNull(catchThrowableOfType(DynamoDbException.class, call), "the call was not refused");
    }

    /// The sort keys of items, in the order of the items.
    static List<String> names(List<Map<String, AttributeValue>> items) {
        return items.stream()
                .map(item -> Objects.requireNonNull(item.get("item")).s())
                .collect(Collectors.toList());
    }
}
