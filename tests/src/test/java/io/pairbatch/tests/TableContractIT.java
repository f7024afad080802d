package io.pairbatch.tests;

import static io.pairbatch.tests.KnownGaps.all;
import static io.pairbatch.tests.KnownGaps.gaps;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pairbatch.standins.TableContract;
import io.pairbatch.standins.TableSchema;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndexDescription;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;

/// The emulator keeps the same contract as the table in memory, in a separate table, except for the gaps that are
/// listed here.
@Tag("long")
@Tag("localstack")
class TableContractIT extends TableContract {

    @RegisterExtension
    static final KnownGaps GAPS = KnownGaps.of(
            all(
                    gaps(
                            "unreadable parts of an expression are ignored",
                            "thisConditionIsRefused: a != :abc",
                            "thisConditionIsRefused: a = abc' OR b = :abc",
                            "thisConditionIsRefused: a = 'abc'",
                            "thisConditionIsRefused: a = :",
                            "thisConditionIsRefused: # = :abc",
                            "thisConditionIsRefused: a-b = :abc",
                            "thisConditionIsRefused: present(a)",
                            "thisConditionIsRefused: ATTRIBUTE_EXISTS(a)",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = :one SET b = :two",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = :one + :two + :three",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = :one,",
                            "thisUpdateIsRefusedWhateverTheItem: SET :one = a",
                            "thisUpdateIsRefusedWhateverTheItem: SET a :one",
                            "thisUpdateIsRefusedWhateverTheItem: REMOVE :one",
                            "thisUpdateIsRefusedWhateverTheItem: ADD cnt 5",
                            "thisProjectionIsRefused: ",
                            "thisProjectionIsRefused: a,",
                            "thisProjectionIsRefused: a b",
                            "thisProjectionIsRefused: a = b",
                            "thisProjectionIsRefused: begins_with(a)"),
                    gaps("an unreadable projection is an error of the service", "thisProjectionIsRefused: a[0"),
                    gaps(
                            "operands of any type are accepted",
                            "thisConditionIsRefused: a BETWEEN :one AND :abc",
                            "thisConditionIsRefused: a < :yes",
                            "thisConditionIsRefused: a > :none",
                            "thisConditionIsRefused: attribute_type(a, :no_type)",
                            "thisConditionIsRefused: attribute_type(a, :one)",
                            "thisConditionIsRefused: begins_with(a, :one)",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = a + :abc",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = list_append(a, :one)",
                            "whatTheItemIsNotFitForIsRefusedAndChangesNothing: SET a = txt + :one",
                            "whatTheItemIsNotFitForIsRefusedAndChangesNothing: SET a = list_append(txt, :list)",
                            "whatTheItemIsNotFitForIsRefusedAndChangesNothing: SET deep[0] = :one"),
                    gaps("an operand may be compared with itself", "thisConditionIsRefused: a = a"),
                    gaps("any number of choices is accepted", "aHundredChoicesAreTakenAndOneMoreIsRefused"),
                    gaps(
                            "paths may overlap",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = :one, a = :two",
                            "thisUpdateIsRefusedWhateverTheItem: SET a = :one REMOVE a",
                            "thisUpdateIsRefusedWhateverTheItem: SET a.b = :one, a = :map",
                            "thisUpdateIsRefusedWhateverTheItem: SET a.b = :one, a[0] = :two",
                            "thisProjectionIsRefused: a.b, a[0]"),
                    gaps(
                            "only the supported parts of a key condition count",
                            "thisKeyConditionIsRefused: job_id = :x OR #item = :x",
                            "thisKeyConditionIsRefused: NOT job_id = :x",
                            "thisKeyConditionIsRefused: job_id = :x AND #item <> :x",
                            "thisKeyConditionIsRefused: job_id = :x AND contains(#item, :x)",
                            "thisKeyConditionIsRefused: job_id = :x AND attribute_exists(#item)",
                            "thisKeyConditionIsRefused: job_id = :x AND size(#item) = :x",
                            "thisKeyConditionIsRefused: job_id = :x AND"),
                    gaps("a key condition may name any word", "aReservedWordInAKeyConditionNeedsAPlaceholder"),
                    gaps("a filter may name the keys", "aFilterOfAKeyIsRefused", "aFilterOfAnIndexesOwnKeyIsRefused"),
                    gaps("the word is mistaken for the function", "thisWordNeedsAPlaceholder: size"),
                    gaps("elements are removed one after the other", "elementsAreRemovedByTheIndexesThatTheyHadBefore"),
                    gaps(
                            "elements are appended in the order of the expression",
                            "whatIsSetBeyondTheEndOfAListIsAppended"),
                    gaps("sums have 28 digits", "numbersAreAddedAndTakenAwayExactly"),
                    gaps("a check may have no condition", "aCheckWithoutAConditionIsRefused"),
                    gaps("a reserved word cancels the transaction", "aReservedWordIsRefusedInATransaction")),
            all(
                    gaps("the word is mistaken for the function", "thisWordNeedsAPlaceholder: size"),
                    gaps(
                            "it has another error for it",
                            "anIndexThatThereIsNotIsRefused",
                            "twoWritesOfOneItemAreRefused"),
                    gaps(
                            "the transaction is refused, not cancelled",
                            "anUpdateThatItsItemIsNotFitForCancelsTheTransaction"),
                    gaps("a key of an index may be anything", "aKeyOfAnIndexIsAStringAndNotEmpty")));

    private static final TableSchema SCHEMA = TableSchema.registry();
    private static final String TABLE = TestStack.name("contract");
    private static final DynamoDbClient DYNAMO = TestStack.shared().dynamo().build();

    @BeforeAll
    static void create() {
        DYNAMO.createTable(r -> r.tableName(TABLE)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(Stream.concat(
                                Stream.of(SCHEMA.partitionKey(), SCHEMA.sortKey()),
                                SCHEMA.indexes().stream()
                                        .flatMap(index -> Stream.of(index.partitionKey(), index.sortKey())))
                        .map(name -> AttributeDefinition.builder()
                                .attributeName(name)
                                .attributeType("S")
                                .build())
                        .toList())
                .keySchema(keys(SCHEMA.partitionKey(), SCHEMA.sortKey()))
                .globalSecondaryIndexes(SCHEMA.indexes().stream()
                        .map(index -> GlobalSecondaryIndex.builder()
                                .indexName(index.name())
                                .keySchema(keys(index.partitionKey(), index.sortKey()))
                                .projection(p -> p.projectionType(ProjectionType.ALL))
                                .build())
                        .toList()));
    }

    private static List<KeySchemaElement> keys(String partition, String sort) {
        return List.of(key(partition, KeyType.HASH), key(sort, KeyType.RANGE));
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    @AfterAll
    static void delete() {
        DYNAMO.deleteTable(r -> r.tableName(TABLE));
        DYNAMO.close();
    }

    @Override
    public DynamoDbClient dynamo() {
        return DYNAMO;
    }

    @Override
    public String table() {
        return TABLE;
    }

    @Test
    void theDeployedTableHasTheKeysOfTheTableInMemory() {
        TableDescription deployed = DYNAMO.describeTable(
                        r -> r.tableName(TestStack.shared().deployment().table()))
                .table();

        assertThat(deployed.keySchema()).isEqualTo(keys(SCHEMA.partitionKey(), SCHEMA.sortKey()));
        assertThat(deployed.globalSecondaryIndexes())
                .extracting(
                        GlobalSecondaryIndexDescription::indexName,
                        GlobalSecondaryIndexDescription::keySchema,
                        index -> index.projection().projectionType())
                .containsExactlyInAnyOrderElementsOf(SCHEMA.indexes().stream()
                        .map(index ->
                                tuple(index.name(), keys(index.partitionKey(), index.sortKey()), ProjectionType.ALL))
                        .toList());
    }
}
