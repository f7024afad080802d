package io.pairbatch.standins;

import java.util.UUID;

/// What the service does, as far as our code relies on it: run against every stand-in for it.
public abstract class BucketContract implements ObjectCases, ReadCases, DeletionCases, ListingCases, UploadCases {

    private final String prefix = UUID.randomUUID() + "/";

    @Override
    public String prefix() {
        return prefix;
    }
}
