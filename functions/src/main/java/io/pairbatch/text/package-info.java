/// Hex, Unicode, spelling and strict JSON.
@NullMarked
package io.pairbatch.text;

import org.jspecify.annotations.NullMarked;
