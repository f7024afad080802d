package io.pairbatch.reconcile;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When segments may be submitted, or their doubts looked into.
public final class Readiness {

    private Readiness() {}

    /// When calling submit does something for one of these segments; null when it is none of submit's business.
    ///
    /// A doubt is looked at again for as long as something else goes on; by itself it waits for a person.
    public static @Nullable Instant of(List<SegmentItem> all) {
        boolean goesOn = all.stream().anyMatch(s -> switch (s.state()) {
            case PENDING, SUBMITTING, SUBMITTED, ENDED -> true;
            default -> false;
        });
        return all.stream()
                .filter(s -> goesOn || s.state() != SegmentState.IN_DOUBT)
                .map(s -> of(all, s))
                .filter(Objects::nonNull)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /// When one of them may go on; null when nothing brings it on but the provider.
    public static @Nullable Instant of(List<SegmentItem> all, SegmentItem segment) {
        return switch (segment.state()) {
            case PENDING -> {
                Instant opens = windowOpens(all);
                Instant aside = segment.setAsideUntil();
                yield aside == null || aside.isBefore(opens) ? opens : aside;
            }
            case SUBMITTING, IN_DOUBT -> Reconciler.readyAt(segment);
            default -> null;
        };
    }

    /// One segment that came back for lack of room keeps the others from trying: they share the provider's window.
    private static Instant windowOpens(List<SegmentItem> all) {
        return all.stream()
                .filter(s -> s.state() == SegmentState.PENDING)
                .map(s -> Objects.requireNonNullElse(s.notBefore(), Instant.EPOCH))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }
}
