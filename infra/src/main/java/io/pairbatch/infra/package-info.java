/// The AWS stack of Pairbatch as a CDK app: small constructs, one stack, the same on AWS and on the embedded stack.
/// Uses the CDK only; what differs between the targets is read once from the CDK context (`Settings`).
@NullMarked
package io.pairbatch.infra;

import org.jspecify.annotations.NullMarked;
