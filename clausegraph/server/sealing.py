"""Takes the network away from a process for good, so that nothing that it runs can ask another machine.

On Linux a seccomp filter ends the process at the first call that would make or connect a socket, start a program or set
up another way to make system calls (io_uring). https://www.kernel.org/doc/html/latest/userspace-api/seccomp_filter.html
"""

import ctypes
import os
import platform
import signal
import struct
import sys
from collections.abc import Sequence

#: How a process ends that tried to reach the network.
BROKEN = -signal.SIGSYS if sys.platform == "linux" else None

_NO_NEW_PRIVILEGES, _SET_FILTER, _ALL_THREADS = 38, 1, 1
_ALLOW, _KILL_PROCESS = 0x7FFF0000, 0x80000000
#: BPF: load a word of the system call's facts; jump where equal, where it has a bit; return.
_LOAD, _EQUAL, _AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_NUMBER, _ARCHITECTURE = 0, 4


class _Machine:
    """The numbers of system calls on one kind of machine: `seccomp` itself, and those that are refused."""

    def __init__(self, audit: int, seccomp: int, refused: Sequence[int]) -> None:
        self.audit = audit
        self.seccomp = seccomp
        self.refused = refused


#: socket, connect, socketpair, execve, execveat, io_uring_setup, by machine.
_MACHINES = {
    "x86_64": _Machine(0xC000003E, 317, (41, 42, 53, 59, 322, 425)),
    "aarch64": _Machine(0xC00000B7, 277, (198, 203, 199, 221, 281, 425)),
}
#: From here on, numbers on x86_64 are of another interface (x32), which is refused as a whole.
_X32 = 0x40000000


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def can_seal() -> bool:
    """Say whether this system can take the network away from a process."""
    return sys.platform == "linux" and platform.machine() in _MACHINES


def seal() -> None:
    """Take the network away from this process and all its threads; raises `OSError` where the system refuses."""
    machine = _MACHINES[platform.machine()]
    steps = _filter(machine)
    code = ctypes.create_string_buffer(b"".join(steps))
    program = _Program(len(steps), ctypes.cast(code, ctypes.c_void_p))
    libc = ctypes.CDLL(None, use_errno=True)
    libc.syscall.restype = ctypes.c_long
    if libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl: " + os.strerror(ctypes.get_errno()))
    if libc.syscall(ctypes.c_long(machine.seccomp), _SET_FILTER, _ALL_THREADS, ctypes.byref(program)) != 0:
        raise OSError(ctypes.get_errno(), "seccomp: " + os.strerror(ctypes.get_errno()))


def _filter(machine: _Machine) -> list[bytes]:
    """Return the filter: another architecture, another interface and each refused call end the process."""

    def step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
        return struct.pack("HBBI", code, yes, no, value)

    end = len(machine.refused) + 1  # steps from the first test of a number to the last step, which kills
    return [
        step(_LOAD, _ARCHITECTURE),
        step(_EQUAL, machine.audit, 0, end + 2),
        step(_LOAD, _NUMBER),
        step(_AT_LEAST, _X32, end, 0),
        *(step(_EQUAL, number, end - 1 - place, 0) for place, number in enumerate(machine.refused)),
        step(_RETURN, _ALLOW),
        step(_RETURN, _KILL_PROCESS),
    ]
