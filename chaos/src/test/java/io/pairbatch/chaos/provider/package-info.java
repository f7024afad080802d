/// The providers, driven by the real clients.
@NullMarked
package io.pairbatch.chaos.provider;

import org.jspecify.annotations.NullMarked;
