package io.pairbatch.reconcile;

import io.pairbatch.registry.SegmentItem;
import io.pairbatch.registry.SegmentState;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When segments may be submitted, or their doubts resolved.
public final class Readiness {

    private Readiness() {}

    /// When calling submit can do something for one of these segments; null if submit has nothing to do for them.
    ///
    /// A doubt is checked again as long as the job has other work; without any, it waits for a person.
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

    /// When one of them may continue; null if only the provider can move it on.
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

    /// If one segment came back for lack of room, the others do not try either: they share the provider's limit.
    private static Instant windowOpens(List<SegmentItem> all) {
        return all.stream()
                .filter(s -> s.state() == SegmentState.PENDING)
                .map(s -> Objects.requireNonNullElse(s.notBefore(), Instant.EPOCH))
                .max(Comparator.naturalOrder())
                .orElse(Instant.EPOCH);
    }
}
