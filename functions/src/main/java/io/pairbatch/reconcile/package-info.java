/// Resolves creates whose response was lost, by what the provider's list shows and proves.
@NullMarked
package io.pairbatch.reconcile;

import org.jspecify.annotations.NullMarked;
