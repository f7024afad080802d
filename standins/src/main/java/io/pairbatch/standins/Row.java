package io.pairbatch.standins;

import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// An item of a table. Nothing changes it: an update puts another in its place.
///
/// @param item its attributes by name
/// @param size how many bytes it counts as
record Row(ItemKey key, Map<String, AttributeValue> item, int size) {}
