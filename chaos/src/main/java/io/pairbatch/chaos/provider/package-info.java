/// The providers' batch APIs on the wire, in memory and in virtual time.
@NullMarked
package io.pairbatch.chaos.provider;

import org.jspecify.annotations.NullMarked;
