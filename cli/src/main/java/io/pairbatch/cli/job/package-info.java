/// A job as seen from outside: dropping its files, reading the registry, following, fetching and recounting results.
@NullMarked
package io.pairbatch.cli.job;

import org.jspecify.annotations.NullMarked;
