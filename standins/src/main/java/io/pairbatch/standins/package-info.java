/// DynamoDB and S3 in memory, behind the SDK's own client interfaces: for unit tests and for the simulated world. Each
/// passes the same contract tests as the real service, or as an emulator of it.
@NullMarked
package io.pairbatch.standins;

import org.jspecify.annotations.NullMarked;
