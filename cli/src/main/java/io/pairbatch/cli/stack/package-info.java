/// The embedded stack: installs the pinned tools, starts emulator and simulator, deploys the CDK app, ends all of it.
@NullMarked
package io.pairbatch.cli.stack;

import org.jspecify.annotations.NullMarked;
