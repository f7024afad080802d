/// The list of providers, with everything that the functions, the stack and the command line all need to know about
/// them.
@NullMarked
package io.pairbatch.backend;

import org.jspecify.annotations.NullMarked;
