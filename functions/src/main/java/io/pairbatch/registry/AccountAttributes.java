package io.pairbatch.registry;

import java.time.Instant;

/// The attributes of an account's items: its TURN, and a BATCH for each known batch.
final class AccountAttributes {

    static final Attribute<String> CREATE_TOKEN = Attribute.text("create_token");
    static final Attribute<Instant> LEASE_UNTIL = Attribute.time("lease_until");

    static final Kind TURNS = Kind.of(CREATE_TOKEN, LEASE_UNTIL);

    static final Attribute<String> OWNER_JOB = Attribute.text("owner_job");
    static final Attribute<Integer> SEGMENT_INDEX = Attribute.count("segment_index");
    static final Attribute<Instant> INTENDED_AT = Attribute.time("intended_at");
    static final Attribute<Instant> CREATED_AT = Attribute.time("created_at");

    static final Kind BATCHES = Kind.of(OWNER_JOB, SEGMENT_INDEX, INTENDED_AT, CREATED_AT);

    private AccountAttributes() {}
}
