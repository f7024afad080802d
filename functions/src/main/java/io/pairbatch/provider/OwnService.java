package io.pairbatch.provider;

import java.net.URI;

/// A provider whose protocol nobody else speaks.
public interface OwnService extends Provider, Service {

    @Override
    default Service itself() {
        return this;
    }

    @Override
    default String code() {
        return backend().code();
    }

    @Override
    default URI baseUrl() {
        return URI.create(backend().url());
    }

    @Override
    default String path() {
        return baseUrl().getPath();
    }
}
