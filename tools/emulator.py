"""Runs the emulator, and saves its state when told to.

By itself it saves its state only at a graceful end. A stack that was killed before its first one would come back
without its resources, and its bucket's objects would belong to nobody. SIGUSR1 saves the state at once; the file
`saved` in STATE_DIR is new when that is done.
"""

import os
import signal
import sys
from pathlib import Path

from ministack import app
from ministack.core import persistence


def save(*_signal: object) -> None:
    persistence.save_all(app._build_persistence_save_dict())
    (Path(os.environ["STATE_DIR"]) / "saved").write_text(str(os.getpid()))


signal.signal(signal.SIGUSR1, save)
sys.exit(app.main())
