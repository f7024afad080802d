package io.pairbatch.standins;

import io.pairbatch.standins.expression.Invalid;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/// Writes that happen together or not at all, and the tokens by which the service recognises a repeated transaction.
final class Transactions {

    private static final Set<String> MEMBERS = Set.of("TransactItems", "ClientRequestToken");
    private static final Set<String> OPERATIONS = Set.of("Put", "Update", "Delete", "ConditionCheck");
    private static final int MOST = 100;
    private static final int LARGEST = 4 * 1024 * 1024;
    private static final int LONGEST_TOKEN = 36;
    private static final Duration REMEMBERED = Duration.ofMinutes(10);

    private final InstantSource clock;
    private final Known known = new Known();
    /// Oldest first.
    private final Map<String, Done> done = new LinkedHashMap<>();

    private record Done(List<TransactWriteItem> items, Instant at) {}

    Transactions(InstantSource clock) {
        this.clock = clock;
    }

    Transactions(Transactions other) {
        this.clock = other.clock;
        this.done.putAll(other.done);
    }

    /// Forgets every token.
    void clear() {
        done.clear();
    }

    void check(TransactWriteItemsRequest r) {
        known.only(r, MEMBERS);
        int count = r.transactItems().size();
        if (count == 0) {
            throw Invalid.constraint("transactItems", "[]", "Member must have length greater than or equal to 1");
        }
        if (count > MOST) {
            throw Invalid.constraint("transactItems", "[...]", "Member must have length less than or equal to 100");
        }
        String token = r.clientRequestToken();
        if (token != null && (token.isEmpty() || token.length() > LONGEST_TOKEN)) {
            throw Invalid.constraint("clientRequestToken", token, "Member must have length between 1 and 36");
        }
        for (TransactWriteItem item : r.transactItems()) {
            known.only(item, OPERATIONS);
            long operations = Stream.of(item.put(), item.update(), item.delete(), item.conditionCheck())
                    .filter(Objects::nonNull)
                    .count();
            if (operations != 1) {
                throw Invalid.request("TransactItems can only contain one of Check, Put, Update or Delete");
            }
        }
    }

    /// Whether it was already carried out.
    boolean isDone(TransactWriteItemsRequest r) {
        Instant now = clock.instant();
        Iterator<Done> oldest = done.values().iterator();
        while (oldest.hasNext() && !now.isBefore(oldest.next().at().plus(REMEMBERED))) {
            oldest.remove();
        }
        Done old = r.clientRequestToken() == null ? null : done.get(r.clientRequestToken());
        if (old != null && !old.items().equals(r.transactItems())) {
            String message = "The parameters of the request do not match those of an earlier one with the same token";
            throw IdempotentParameterMismatchException.builder()
                    .message(message)
                    .awsErrorDetails(Invalid.details("IdempotentParameterMismatchException", message))
                    .statusCode(400)
                    .build();
        }
        return old != null;
    }

    void isDoneNow(TransactWriteItemsRequest r) {
        if (r.clientRequestToken() != null) {
            done.put(r.clientRequestToken(), new Done(r.transactItems(), clock.instant()));
        }
    }

    /// Carries all of them out.
    ///
    /// @throws TransactionCanceledException if one of them fails; then none is carried out
    static void carryOut(List<Supplier<Write>> readings, Rows rows) {
        List<Write> writes = writes(readings);
        Set<ItemKey> keys = new HashSet<>();
        for (Write write : writes) {
            if (!keys.add(write.key())) {
                throw Invalid.request("Transaction request cannot include multiple operations on one item");
            }
        }
        List<Effect> effects = writes.stream().map(write -> effect(write, rows)).toList();
        if (effects.stream().anyMatch(effect -> effect.refusal() != null)) {
            throw cancelled(effects.stream().map(Effect::refusal).toList());
        }
        if (effects.stream().mapToInt(Effect::size).sum() > LARGEST) {
            throw Invalid.request("Collection size of all items in the transaction exceeded limit");
        }
        for (Effect effect : effects) {
            if (effect.row() == null) {
                rows.remove(effect.key());
            } else {
                rows.put(effect.row());
            }
        }
    }

    /// The writes; their keys are checked against the table before anything else.
    private static List<Write> writes(List<Supplier<Write>> readings) {
        List<Write> writes = new ArrayList<>();
        List<@Nullable CancellationReason> refusals = new ArrayList<>();
        for (Supplier<Write> reading : readings) {
            try {
                writes.add(reading.get());
                refusals.add(null);
            } catch (DynamoDbException e) {
                refusals.add(refusal("ValidationError", e.awsErrorDetails().errorMessage())
                        .build());
            }
        }
        if (writes.size() < readings.size()) {
            throw cancelled(refusals);
        }
        return writes;
    }

    /// The result of one write.
    ///
    /// @param row the item after it; null if there is none
    /// @param refusal why it failed; null if it did not
    private record Effect(
            ItemKey key, @Nullable Row row, @Nullable CancellationReason refusal) {

        int size() {
            return row == null ? 0 : row.size();
        }
    }

    private static Effect effect(Write write, Rows rows) {
        Row old = rows.get(write.key());
        if (!write.holds(old)) {
            CancellationReason refusal = refusal("ConditionalCheckFailed", "The conditional request failed")
                    .item(write.told(old))
                    .build();
            return new Effect(write.key(), null, refusal);
        }
        try {
            return new Effect(write.key(), write.effect().on(old), null);
        } catch (DynamoDbException e) {
            CancellationReason refusal = refusal(
                            "ValidationError", e.awsErrorDetails().errorMessage())
                    .build();
            return new Effect(write.key(), null, refusal);
        }
    }

    private static CancellationReason.Builder refusal(String code, String message) {
        return CancellationReason.builder().code(code).message(message);
    }

    /// @param refusals for each write in order; null for one that did not fail
    private static TransactionCanceledException cancelled(List<@Nullable CancellationReason> refusals) {
        List<CancellationReason> reasons = refusals.stream()
                .map(refusal -> refusal == null
                        ? CancellationReason.builder().code("None").build()
                        : refusal)
                .toList();
        String message = "Transaction cancelled, please refer cancellation reasons for specific reasons "
                + reasons.stream().map(CancellationReason::code).collect(Collectors.joining(", ", "[", "]"));
        return TransactionCanceledException.builder()
                .cancellationReasons(reasons)
                .message(message)
                .awsErrorDetails(Invalid.details("TransactionCanceledException", message))
                .statusCode(400)
                .build();
    }
}
