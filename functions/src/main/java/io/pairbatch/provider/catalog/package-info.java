/// Every provider by its name.
@NullMarked
package io.pairbatch.provider.catalog;

import org.jspecify.annotations.NullMarked;
