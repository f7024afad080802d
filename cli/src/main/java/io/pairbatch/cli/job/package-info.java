/// A job as seen from outside: dropping its files, reading the registry, following, fetching and recounting results.
/// Uses the names in `io.pairbatch.job`, the reader in `io.pairbatch.pairs`, and nothing else of the functions.
@NullMarked
package io.pairbatch.cli.job;

import org.jspecify.annotations.NullMarked;
