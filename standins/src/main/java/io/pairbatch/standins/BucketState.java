package io.pairbatch.standins;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The content of one bucket: the versions of each key and the uploads that are not complete.
final class BucketState {

    /// An upload's place in a listing: by key, then by age.
    record Place(String key, String uploadId) {

        static final Comparator<Place> ORDER =
                Comparator.comparing(Place::key, Utf8Order.INSTANCE).thenComparing(Place::uploadId);
    }

    private final NavigableMap<String, List<StoredVersion>> keys = new TreeMap<>(Utf8Order.INSTANCE);
    private final NavigableMap<Place, Upload> uploads = new TreeMap<>(Place.ORDER);
    private boolean versioned;

    BucketState(boolean versioned) {
        this.versioned = versioned;
    }

    BucketState copy() {
        BucketState copy = new BucketState(versioned);
        copy.keys.putAll(keys);
        uploads.forEach((place, upload) -> copy.uploads.put(place, upload.copy()));
        return copy;
    }

    boolean versioned() {
        return versioned;
    }

    void keepVersions() {
        versioned = true;
    }

    boolean isEmpty() {
        return keys.isEmpty() && uploads.isEmpty();
    }

    /// Each key's versions, newest first; never an empty list.
    NavigableMap<String, List<StoredVersion>> keys() {
        return keys;
    }

    NavigableMap<Place, Upload> uploads() {
        return uploads;
    }

    Upload upload(String key, @Nullable String uploadId) {
        Upload upload = uploads.get(new Place(key, Strict.named("UploadId", uploadId)));
        if (upload == null) {
            throw Refusals.noSuchUpload();
        }
        return upload;
    }

    /// The object that a read without a version returns.
    @Nullable
    StoredVersion current(String key) {
        List<StoredVersion> versions = keys.get(key);
        return versions == null || versions.getFirst().isDeleteMarker() ? null : versions.getFirst();
    }

    @Nullable
    StoredVersion version(String key, long order) {
        return keys.getOrDefault(key, List.of()).stream()
                .filter(v -> v.order() == order)
                .findFirst()
                .orElse(null);
    }

    /// The version's position follows from its order: an upload that started before another version was created goes
    /// below it.
    void add(StoredVersion version) {
        List<StoredVersion> versions = new ArrayList<>(keys.getOrDefault(version.key(), List.of()));
        versions.removeIf(v -> v.order() == version.order());
        int at = 0;
        while (at < versions.size() && versions.get(at).order() > version.order()) {
            at++;
        }
        versions.add(at, version);
        keys.put(version.key(), List.copyOf(versions));
    }

    void remove(StoredVersion version) {
        List<StoredVersion> left = keys.getOrDefault(version.key(), List.of()).stream()
                .filter(v -> v.order() != version.order())
                .toList();
        if (left.isEmpty()) {
            keys.remove(version.key());
        } else {
            keys.put(version.key(), left);
        }
    }
}
