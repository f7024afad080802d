/// What our clients send, compared with what the providers' own clients send for the same batch. Uses `provider` and
/// the official SDKs; needs no stack.
@NullMarked
package io.pairbatch.oracles.wire;

import org.jspecify.annotations.NullMarked;
