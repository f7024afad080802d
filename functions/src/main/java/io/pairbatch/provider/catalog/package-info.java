/// Every provider by its name. Uses the packages of all providers.
@NullMarked
package io.pairbatch.provider.catalog;

import org.jspecify.annotations.NullMarked;
