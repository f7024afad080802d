/// The registry: one DynamoDB table with each job, its segments and every creation of a batch. Holds the conditional
/// writes that make a submission happen only once. Its items are declared in `…Attributes`; [RegistryTable] maps them
/// with DynamoDB's enhanced client.
@NullMarked
package io.pairbatch.registry;

import org.jspecify.annotations.NullMarked;
