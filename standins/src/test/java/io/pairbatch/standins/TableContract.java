package io.pairbatch.standins;

import java.util.UUID;

/// What DynamoDB does, as far as our code relies on it: run against every stand-in for it.
public abstract class TableContract
        implements ItemCases,
                ConditionCases,
                UpdateCases,
                QueryCases,
                IndexCases,
                TransactionCases,
                RefusalCases,
                ReservedWordCases {

    private final String job = "job-" + UUID.randomUUID();

    @Override
    public String job() {
        return job;
    }
}
