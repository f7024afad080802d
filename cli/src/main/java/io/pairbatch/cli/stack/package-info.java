/// The embedded stack: installs the pinned tools, starts emulator and simulator, deploys the CDK app, ends all of it.
/// Uses `cli`'s deployment types and `cli.fault`; nothing here knows about jobs.
@NullMarked
package io.pairbatch.cli.stack;

import org.jspecify.annotations.NullMarked;
