/// The HTTP API: create, list and fetch jobs over signed requests, with errors as problem details (RFC 9457). Knows
/// HTTP but not Lambda; only reads the registry.
@NullMarked
package io.pairbatch.api;

import org.jspecify.annotations.NullMarked;
