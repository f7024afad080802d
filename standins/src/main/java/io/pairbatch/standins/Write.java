package io.pairbatch.standins;

import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// One write as its request specifies it, alone or in a transaction.
///
/// @param condition what must hold for the item before the write
/// @param tellsOld whether a refusal returns the item
record Write(ItemKey key, Predicate<Map<String, AttributeValue>> condition, Effect effect, boolean tellsOld) {

    /// What happens to an item.
    interface Effect {

        /// The item after it; null if there is none.
        @Nullable
        Row on(@Nullable Row old);
    }

    boolean holds(@Nullable Row old) {
        return condition.test(old == null ? Map.of() : old.item());
    }

    /// The item as a refusal returns it; null if it does not.
    @Nullable
    Map<String, AttributeValue> told(@Nullable Row old) {
        return tellsOld && old != null ? old.item() : null;
    }
}
