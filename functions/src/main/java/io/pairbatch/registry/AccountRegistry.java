package io.pairbatch.registry;

import static io.pairbatch.registry.Attributes.string;

import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/// The items of a provider's account whose batches carry no metadata: whose turn it is to create, and which batches
/// are known. One create at a time keeps small what must be searched when its answer is lost.
public final class AccountRegistry {

    private static final String TURN = "TURN";

    private final DynamoDbClient dynamo;
    private final String table;
    private final Clock clock;

    public AccountRegistry(DynamoDbClient dynamo, String table, Clock clock) {
        this.dynamo = dynamo;
        this.table = table;
        this.clock = clock;
    }

    /// Whose turn it is, as it was read.
    ///
    /// @param token of the create under way; null when there is none
    /// @param until when that create is surely over
    public record Turn(
            String account,
            @Nullable String token,
            @Nullable Instant until) {

        /// Whether somebody else may be creating.
        public boolean isTaken(Instant now) {
            return token != null && until != null && now.isBefore(until);
        }
    }

    public Turn turn(String account) {
        Attributes item = new Attributes(get(account, TURN));
        return new Turn(account, item.text("create_token"), item.time("lease_until"));
    }

    /// Takes the turn if it still stands as it was read.
    TransactWriteItem take(Turn seen, Submission submission, Instant leaseUntil) {
        Attributes values =
                Attributes.empty().with(":token", submission.token()).with(":lease", leaseUntil);
        String unchanged = "attribute_not_exists(create_token)";
        if (seen.token() != null) {
            unchanged = "create_token = :seen";
            values.with(":seen", seen.token());
        }
        Update update = Update.builder()
                .tableName(table)
                .key(key(seen.account(), TURN))
                .updateExpression("SET create_token = :token, lease_until = :lease")
                .conditionExpression(unchanged)
                .expressionAttributeValues(values.map())
                .build();
        return TransactWriteItem.builder().update(update).build();
    }

    /// Gives the turn back once a create has been answered; without that it ends with its lease.
    public void release(Submission submission) {
        try {
            dynamo.updateItem(r -> r.tableName(table)
                    .key(key(submission.account(), TURN))
                    .updateExpression("REMOVE create_token, lease_until")
                    .conditionExpression("create_token = :token")
                    .expressionAttributeValues(Attributes.empty()
                            .with(":token", submission.token())
                            .map()));
        } catch (ConditionalCheckFailedException e) {
            // Its lease was over and another has the turn.
            return;
        }
    }

    /// Notes a batch as one that we know.
    TransactWriteItem owned(String jobId, Submission submission, String batchId) {
        Put put = Put.builder()
                .tableName(table)
                .item(Attributes.empty()
                        .with("job_id", partition(submission.account()))
                        .with("item", batch(batchId))
                        .with("owner_job", jobId)
                        .with("segment_index", submission.segment())
                        .with("intended_at", submission.createdAt())
                        .with("created_at", clock.instant())
                        .map())
                .build();
        return TransactWriteItem.builder().put(put).build();
    }

    /// A batch that we have recorded.
    ///
    /// @param intendedAt when its create was intended; null for one that an older version recorded
    public record Known(@Nullable Instant intendedAt) {}

    /// Whether a batch of the account is known, to whichever job.
    public boolean owns(String account, String batchId) {
        return known(account, batchId).isPresent();
    }

    /// What is known of a batch of the account, whichever job's it is.
    public Optional<Known> known(String account, String batchId) {
        Map<String, AttributeValue> item = get(account, batch(batchId));
        return item.isEmpty() ? Optional.empty() : Optional.of(new Known(new Attributes(item).time("intended_at")));
    }

    /// Forgets whose a batch was. A batch that still exists stays known, as nobody's: else the search for a lost create
    /// might take it for the one that is looked for.
    ///
    /// @param exists whether the provider may still list it
    public void disown(String account, String jobId, String batchId, boolean exists) {
        Map<String, AttributeValue> key = key(account, batch(batchId));
        Map<String, AttributeValue> values = Map.of(":job", string(jobId));
        try {
            if (exists) {
                dynamo.updateItem(r -> r.tableName(table)
                        .key(key)
                        .updateExpression("REMOVE owner_job, segment_index")
                        .conditionExpression("owner_job = :job")
                        .expressionAttributeValues(values));
            } else {
                dynamo.deleteItem(r -> r.tableName(table)
                        .key(key)
                        .conditionExpression("owner_job = :job")
                        .expressionAttributeValues(values));
            }
        } catch (ConditionalCheckFailedException e) {
            // It is not there, or not this job's.
            return;
        }
    }

    private Map<String, AttributeValue> get(String account, String item) {
        return dynamo.getItem(r -> r.tableName(table).key(key(account, item)).consistentRead(true))
                .item();
    }

    private static Map<String, AttributeValue> key(String account, String item) {
        return Map.of("job_id", string(partition(account)), "item", string(item));
    }

    private static String partition(String account) {
        return "ACCOUNT#" + account;
    }

    private static String batch(String batchId) {
        return "BATCH#" + batchId;
    }
}
