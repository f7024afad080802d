package io.pairbatch.registry;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.enhanced.dynamodb.EnhancedType;
import software.amazon.awssdk.enhanced.dynamodb.TableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttribute;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTag;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticAttributeTags;
import software.amazon.awssdk.enhanced.dynamodb.mapper.StaticTableSchema;
import software.amazon.awssdk.enhanced.dynamodb.mapper.UpdateBehavior;

/// A kind of item: the attributes that such an item may have, and the mapping of partial updates.
final class Kind {

    static final Attribute<String> JOB_ID = Attribute.text("job_id");
    static final Attribute<String> ITEM = Attribute.text("item");

    private final List<Attribute<?>> attributes;
    private final TableSchema<Row> schema;
    /// Keyed by the changed attributes and the kinds of changes: there are as many as kinds of updates in the code.
    private final Map<List<String>, TableSchema<Row>> views = new ConcurrentHashMap<>();

    private Kind(List<Attribute<?>> attributes, Map<Attribute<?>, StaticAttributeTag> tags) {
        this.attributes = attributes;
        List<StaticAttribute<Row, ?>> mapped = keys();
        attributes.forEach(a -> mapped.add(mapped(a, tags.get(a))));
        this.schema = schema(mapped);
    }

    static Kind of(Attribute<?>... attributes) {
        return new Kind(List.of(attributes), Map.of());
    }

    /// The same, also found through an index.
    Kind indexed(String index, Attribute<String> partition, Attribute<?> sort) {
        return new Kind(
                attributes,
                Map.of(
                        partition, StaticAttributeTags.secondaryPartitionKey(index),
                        sort, StaticAttributeTags.secondarySortKey(index)));
    }

    /// The whole item.
    TableSchema<Row> schema() {
        return schema;
    }

    /// Only the attributes that an update changes; it returns the whole item.
    TableSchema<Row> view(Collection<Change> changes) {
        if (changes.stream().anyMatch(Change.Added.class::isInstance)) {
            // What is added is part of the view, and differs each time.
            return view(schema, changes);
        }
        List<String> shape = changes.stream().map(Kind::shape).toList();
        return views.computeIfAbsent(shape, s -> view(schema, changes));
    }

    private static String shape(Change change) {
        return switch (change) {
            case Change.Set<?> set -> "=" + set.attribute().name();
            case Change.First<?> first -> "?" + first.attribute().name();
            case Change.OneMore more -> "+" + more.attribute().name();
            case Change.Added added -> throw new IllegalArgumentException("a view with " + added + " is not kept");
            case Change.Removed removed -> "=" + removed.attribute().name();
            case Change.Nothing nothing -> "";
        };
    }

    private static TableSchema<Row> view(TableSchema<Row> whole, Collection<Change> changes) {
        List<StaticAttribute<Row, ?>> mapped = keys();
        for (Change change : changes) {
            switch (change) {
                case Change.Set<?> set -> mapped.add(mapped(set.attribute(), null));
                case Change.Removed removed -> mapped.add(mapped(removed.attribute(), null));
                case Change.First<?> first ->
                    mapped.add(mapped(
                            first.attribute(), StaticAttributeTags.updateBehavior(UpdateBehavior.WRITE_IF_NOT_EXISTS)));
                case Change.OneMore more ->
                    mapped.add(mapped(more.attribute(), StaticAttributeTags.atomicCounter(1, 1)));
                case Change.Added added ->
                    mapped.add(
                            mapped(added.attribute(), StaticAttributeTags.atomicCounter(added.delta(), added.delta())));
                case Change.Nothing nothing -> {}
            }
        }
        for (StaticAttribute<Row, ?> attribute : mapped) {
            if (!whole.attributeNames().contains(attribute.name())) {
                // It would be written and never read.
                throw new IllegalArgumentException(attribute.name() + " is no attribute of such an item");
            }
        }
        return RegistryTable.answeringWith(whole, schema(mapped));
    }

    private static List<StaticAttribute<Row, ?>> keys() {
        List<StaticAttribute<Row, ?>> keys = new ArrayList<>();
        keys.add(mapped(JOB_ID, StaticAttributeTags.primaryPartitionKey()));
        keys.add(mapped(ITEM, StaticAttributeTags.primarySortKey()));
        return keys;
    }

    private static StaticAttribute<Row, ?> mapped(Attribute<?> attribute, @Nullable StaticAttributeTag tag) {
        StaticAttribute.Builder<Row, ?> mapped = attribute.isConstant() ? constant(attribute) : value(attribute);
        mapped.name(attribute.name());
        return tag == null ? mapped.build() : mapped.addTag(tag).build();
    }

    private static <V> StaticAttribute.Builder<Row, V> value(Attribute<V> attribute) {
        return StaticAttribute.builder(Row.class, attribute.type())
                .getter(row -> row.get(attribute))
                .setter((row, value) -> row.with(attribute, value));
    }

    /// An enum constant's name. A name that a newer version has written is read as no value: only code that needs it
    /// must know it.
    private static <V> StaticAttribute.Builder<Row, String> constant(Attribute<V> attribute) {
        return StaticAttribute.builder(Row.class, EnhancedType.of(String.class))
                .getter(row -> {
                    V constant = row.get(attribute);
                    return constant == null ? null : ((Enum<?>) constant).name();
                })
                .setter((row, name) -> row.with(attribute, attribute.constant(name)));
    }

    private static TableSchema<Row> schema(List<StaticAttribute<Row, ?>> mapped) {
        return StaticTableSchema.builder(Row.class)
                .newItemSupplier(Row::new)
                .attributes(mapped)
                .build();
    }
}
