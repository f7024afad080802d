package io.pairbatch.standins;

import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

class MemoryTableContractTest extends TableContract {

    private final DynamoDbClient dynamo = MemoryTable.registry("contract");

    @Override
    public DynamoDbClient dynamo() {
        return dynamo;
    }

    @Override
    public String table() {
        return "contract";
    }
}
