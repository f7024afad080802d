package io.pairbatch.standins;

import io.pairbatch.standins.expression.Values;

/// The key of an item, in the order of the service's sort keys.
record ItemKey(String partition, String sort) implements Comparable<ItemKey> {

    @Override
    public int compareTo(ItemKey other) {
        int order = Values.compareText(partition, other.partition);
        return order != 0 ? order : Values.compareText(sort, other.sort);
    }
}
