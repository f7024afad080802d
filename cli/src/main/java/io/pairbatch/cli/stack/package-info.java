/// Starts and ends the embedded stack, and deploys to AWS: the pinned tools, the emulator, the simulator and the
/// CDK app.
@NullMarked
package io.pairbatch.cli.stack;

import org.jspecify.annotations.NullMarked;
