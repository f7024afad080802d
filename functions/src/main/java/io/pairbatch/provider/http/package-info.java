/// The HTTP below every provider: timeouts, what is repeated and what never is, and what an error status means.
@NullMarked
package io.pairbatch.provider.http;

import org.jspecify.annotations.NullMarked;
