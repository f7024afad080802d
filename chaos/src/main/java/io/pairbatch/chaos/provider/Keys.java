package io.pairbatch.chaos.provider;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The keys of a provider's accounts. All keys of a project see the same files and batches.
public final class Keys {

    private record Key(String project, boolean mayList, Instant from, Instant to) {

        boolean works(Instant at) {
            return !at.isBefore(from) && at.isBefore(to);
        }
    }

    private final Map<String, Key> keys = new HashMap<>();

    /// A key with all permissions.
    public Keys allow(String key, String project) {
        keys.put(key, new Key(project, true, Instant.MIN, Instant.MAX));
        return this;
    }

    /// A key with all permissions except listing batches.
    public Keys allowButNotList(String key, String project) {
        keys.put(key, new Key(project, false, Instant.MIN, Instant.MAX));
        return this;
    }

    /// A key that works only from this time on.
    public Keys from(String key, Instant at) {
        keys.computeIfPresent(key, (name, old) -> new Key(old.project, old.mayList, at, old.to));
        return this;
    }

    /// A key that does not work from this time on.
    public Keys revoke(String key, Instant at) {
        keys.computeIfPresent(key, (name, old) -> new Key(old.project, old.mayList, old.from, at));
        return this;
    }

    /// The project of a key; null if the key does not work.
    @Nullable
    String project(String key, Instant at) {
        Key known = keys.get(key);
        return known != null && known.works(at) ? known.project : null;
    }

    boolean mayList(String key) {
        Key known = keys.get(key);
        return known != null && known.mayList;
    }
}
