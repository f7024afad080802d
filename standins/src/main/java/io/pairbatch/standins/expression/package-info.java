/// DynamoDB's expressions and attribute values: read, checked as the service checks them, and applied to items in
/// memory. Independent of tables.
@NullMarked
package io.pairbatch.standins.expression;

import org.jspecify.annotations.NullMarked;
