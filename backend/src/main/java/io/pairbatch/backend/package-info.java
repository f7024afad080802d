/// The list of providers, and what the functions, the stack and the command line all know of each.
@NullMarked
package io.pairbatch.backend;

import org.jspecify.annotations.NullMarked;
