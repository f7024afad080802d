/// Numbers: those that R draws after `set.seed`, and tables of many.
@NullMarked
package io.pairbatch.numbers;

import org.jspecify.annotations.NullMarked;
