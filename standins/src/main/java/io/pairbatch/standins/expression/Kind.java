package io.pairbatch.standins.expression;

import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/// What an expression is for.
enum Kind {
    CONDITION("ConditionExpression"),
    FILTER("FilterExpression"),
    KEY_CONDITION("KeyConditionExpression"),
    UPDATE("UpdateExpression"),
    PROJECTION("ProjectionExpression");

    private final String member;

    Kind(String member) {
        this.member = member;
    }

    /// The name of the request's member.
    String member() {
        return member;
    }

    DynamoDbException invalid(String why) {
        return Invalid.request("Invalid " + member + ": " + why);
    }
}
