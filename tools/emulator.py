"""Runs the emulator, saves its state when told to, and keeps the providers' keys out of what it saves.

By itself it saves its state only at a graceful end. A stack that was killed before its first one would come back
without its resources, and its bucket's objects would belong to nobody. SIGUSR1 saves the state at once; the file
`saved` in STATE_DIR is new when that is done.

The keys are put into the stack's secrets at each start. On disk they have no business, whenever the state is saved and
however the emulator ends: by `./pairbatch down`, by a signal from somebody else, or with the machine.
"""

import os
import signal
import sys
from pathlib import Path

from ministack import app
from ministack.core import persistence

BLANK = '{"api_key":""}'

save_state = persistence.save_state


def blank(state: object) -> None:
    """Blanks every version of every secret, the previous ones too; `state` is the saver's own copy."""
    scoped = getattr(state, "_data", None)
    if scoped is not None:
        blank(scoped)
    elif isinstance(state, dict):
        for name, value in state.items():
            if name == "SecretString" and value is not None:
                state[name] = BLANK
            elif name == "SecretBinary":
                state[name] = None
            else:
                blank(value)
    elif isinstance(state, (list, tuple)):
        for value in state:
            blank(value)


def save_without_keys(service: str, data: dict) -> None:
    if service == "secretsmanager":
        blank(data)
    save_state(service, data)


def save(*_signal: object) -> None:
    persistence.save_all(app._build_persistence_save_dict())
    (Path(os.environ["STATE_DIR"]) / "saved").write_text(str(os.getpid()))


persistence.save_state = save_without_keys
signal.signal(signal.SIGUSR1, save)
sys.exit(app.main())
