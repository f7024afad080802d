/// Split and collect in a folder, without a provider and without AWS.
@NullMarked
package io.pairbatch.offline;

import org.jspecify.annotations.NullMarked;
