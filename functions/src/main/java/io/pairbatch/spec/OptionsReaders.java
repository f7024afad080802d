package io.pairbatch.spec;

import io.pairbatch.backend.Backend;

/// Finds the readers of the providers' options, which this package does not depend on.
@FunctionalInterface
public interface OptionsReaders {

    /// The reader of a provider's options.
    OptionsReader options(Backend backend);
}
