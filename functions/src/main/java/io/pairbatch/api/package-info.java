/// The HTTP API: jobs posted, listed and fetched over signed requests, errors as problem details (RFC 9457). Knows HTTP
/// but not Lambda; reads the registry and never writes it.
@NullMarked
package io.pairbatch.api;

import org.jspecify.annotations.NullMarked;
