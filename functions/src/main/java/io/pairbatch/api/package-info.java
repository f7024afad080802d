/// The HTTP API: create, list and fetch jobs and decide about them over signed requests, with errors as problem details
/// (RFC 9457). Knows HTTP but not Lambda; only reads the registry, and asks the reviver to change it.
@NullMarked
package io.pairbatch.api;

import org.jspecify.annotations.NullMarked;
