/// DynamoDB and S3 in memory, as the SDK's own client interfaces: for unit tests and for the simulated world. Each
/// passes the same
/// contract tests as the service that it stands in for, or as an emulator of it.
@NullMarked
package io.pairbatch.standins;

import org.jspecify.annotations.NullMarked;
