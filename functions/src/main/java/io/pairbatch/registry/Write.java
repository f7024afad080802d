package io.pairbatch.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One write of a transaction.
sealed interface Write {

    /// What is written.
    Kind kind();

    /// Only checks whether the condition holds.
    record Check(Kind kind, ItemKey key, Condition condition) implements Write {}

    record Update(Kind kind, ItemKey key, List<Change> changes, Condition condition) implements Write {}

    record Put(Kind kind, Row row, @Nullable Condition condition) implements Write {}

    record Delete(Kind kind, ItemKey key, Condition condition) implements Write {}
}
