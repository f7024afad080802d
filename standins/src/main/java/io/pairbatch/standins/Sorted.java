package io.pairbatch.standins;

import io.pairbatch.standins.expression.SortRange;
import io.pairbatch.standins.expression.Values;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The rows of a table or of an index: partitions, each in the order of its sort key.
final class Sorted {

    private final TreeMap<String, TreeMap<Place, Row>> partitions = new TreeMap<>(Values::compareText);

    /// The position of a row in its partition. Rows with the same sort key, which an index may have, are ordered by
    /// their keys.
    record Place(String sort, ItemKey key) implements Comparable<Place> {

        private static final ItemKey FIRST = new ItemKey("", "");

        /// Before all rows with this sort key.
        static Place before(String sort) {
            return new Place(sort, FIRST);
        }

        @Override
        public int compareTo(Place other) {
            int order = Values.compareText(sort, other.sort);
            return order != 0 ? order : key.compareTo(other.key);
        }
    }

    Sorted() {}

    Sorted(Sorted other) {
        other.partitions.forEach((partition, rows) -> partitions.put(partition, new TreeMap<>(rows)));
    }

    @Nullable
    Row get(String partition, Place place) {
        TreeMap<Place, Row> rows = partitions.get(partition);
        return rows == null ? null : rows.get(place);
    }

    /// Puts a row and returns the one that was in its place.
    @Nullable
    Row put(String partition, Place place, Row row) {
        return partitions.computeIfAbsent(partition, p -> new TreeMap<>()).put(place, row);
    }

    /// Removes a row and returns it.
    @Nullable
    Row remove(String partition, Place place) {
        TreeMap<Place, Row> rows = partitions.get(partition);
        if (rows == null) {
            return null;
        }
        Row old = rows.remove(place);
        if (rows.isEmpty()) {
            partitions.remove(partition);
        }
        return old;
    }

    /// The rows of a range.
    ///
    /// @param after where to continue; null for the first page
    NavigableMap<Place, Row> range(String partition, SortRange range, boolean forward, @Nullable Place after) {
        TreeMap<Place, Row> all = partitions.get(partition);
        if (all == null) {
            return Collections.emptyNavigableMap();
        }
        Place from = Place.before(range.from());
        String to = range.to();
        NavigableMap<Place, Row> rows =
                to == null ? all.tailMap(from, true) : all.subMap(from, true, Place.before(to), false);
        if (after != null) {
            rows = forward ? rows.tailMap(after, false) : rows.headMap(after, false);
        }
        return forward ? rows : rows.descendingMap();
    }

    /// All rows in the order of their partitions and positions.
    Stream<Row> all() {
        return partitions.values().stream().flatMap(rows -> rows.values().stream());
    }
}
