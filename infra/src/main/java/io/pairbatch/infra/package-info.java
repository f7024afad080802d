/// The AWS stack of Pairbatch as a CDK app: small constructs, one stack, the same on AWS and on the embedded stack.
@NullMarked
package io.pairbatch.infra;

import org.jspecify.annotations.NullMarked;
