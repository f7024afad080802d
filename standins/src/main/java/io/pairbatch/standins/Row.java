package io.pairbatch.standins;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An item of a table. Immutable: an update replaces it.
///
/// @param item its attributes by name
/// @param size the number of bytes that it counts as
record Row(ItemKey key, Map<String, AttributeValue> item, int size) {}
