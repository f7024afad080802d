/// A stack that jobs can be given to: how it is found, and the session in which a command talks to it.
@NullMarked
package io.pairbatch.cli.deployment;

import org.jspecify.annotations.NullMarked;
