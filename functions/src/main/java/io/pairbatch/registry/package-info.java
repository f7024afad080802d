/// The registry: one DynamoDB table that knows each job, its segments and every creation of a batch. Holds the
/// conditional
/// writes that make a submission happen once. Uses `job`.
@NullMarked
package io.pairbatch.registry;

import org.jspecify.annotations.NullMarked;
