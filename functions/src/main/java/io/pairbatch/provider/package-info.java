/// What every provider can be asked, and what it can answer. Uses `job` and `store`.
@NullMarked
package io.pairbatch.provider;

import org.jspecify.annotations.NullMarked;
