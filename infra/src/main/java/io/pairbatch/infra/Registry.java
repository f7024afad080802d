package io.pairbatch.infra;

import java.util.List;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.Attribute;
import software.amazon.awscdk.services.dynamodb.AttributeType;
import software.amazon.awscdk.services.dynamodb.BillingMode;
import software.amazon.awscdk.services.dynamodb.GlobalSecondaryIndexProps;
import software.amazon.awscdk.services.dynamodb.PointInTimeRecoverySpecification;
import software.amazon.awscdk.services.dynamodb.Table;
import software.constructs.Construct;

/// The table of jobs, segments and submissions: what has been sent, and therefore must never be sent again.
final class Registry extends Construct {

    private static final String JOBS_BY_TIME = "jobs-by-time";
    private static final String OPEN_BY_ACCOUNT = "open-by-account";

    private final Table table;

    Registry(Construct scope, Settings settings) {
        super(scope, "Registry");
        table = Table.Builder.create(this, "Table")
                .tableName(settings.tableName())
                .partitionKey(string("job_id"))
                .sortKey(string("item"))
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .pointInTimeRecoverySpecification(PointInTimeRecoverySpecification.builder()
                        .pointInTimeRecoveryEnabled(true)
                        .build())
                .removalPolicy(settings.embedded() ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN)
                .build();
        addIndex(JOBS_BY_TIME, "kind", "created_at");
        addIndex(OPEN_BY_ACCOUNT, "open_account", "submitted_at");
    }

    private void addIndex(String name, String partitionKey, String sortKey) {
        table.addGlobalSecondaryIndex(GlobalSecondaryIndexProps.builder()
                .indexName(name)
                .partitionKey(string(partitionKey))
                .sortKey(string(sortKey))
                .build());
    }

    private static Attribute string(String name) {
        return Attribute.builder().name(name).type(AttributeType.STRING).build();
    }

    Table table() {
        return table;
    }

    /// The ARNs of the table and its indexes, by name, for policies.
    List<String> arns() {
        return List.of(table.getTableArn(), indexArn(JOBS_BY_TIME), indexArn(OPEN_BY_ACCOUNT));
    }

    private String indexArn(String name) {
        return table.getTableArn() + "/index/" + name;
    }
}
