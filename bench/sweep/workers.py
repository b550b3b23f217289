# SPDX-License-Identifier: Apache-2.0
"""The process that times, seen from the one that reports: started, asked row by row, and started again if a library
took it down or kept it too long."""
import dataclasses
import json
import os
import selectors
import signal
import subprocess

import environment

WORKER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "worker.py")
START_SECONDS, ROW_SECONDS = 120, 180


class WorkerError(RuntimeError):
    """The worker cannot be started."""


class Worker:
    """`log` is a file that takes what libraries print."""

    def __init__(self, interpreter, library, threads, every_solver, log):
        self.command = [*environment.pinning(threads), interpreter, WORKER, library, str(threads),
                        "1" if every_solver else "0"]
        self.variables, self.log, self.process = environment.variables(threads), log, None

    def start(self):
        """Starts it and returns what it says of itself: its device, the peers it has."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                                            env=self.variables, start_new_session=True)
        about = self.answer(START_SECONDS)
        if "device" not in about:
            raise WorkerError(f"the process that times does not start: {about['error']}; {self.log} says more")
        return about

    def ask(self, row):
        """The record of a row, or its error."""
        if self.process is None:
            self.start()
        try:
            self.process.stdin.write(json.dumps(dataclasses.asdict(row)).encode() + b"\n")
            self.process.stdin.flush()
        except BrokenPipeError:
            pass  # its answer will be that it has ended
        return self.answer(ROW_SECONDS)

    def answer(self, seconds):
        """The next answer; an error if there is none in time."""
        text = self.read_line(seconds)
        if text:
            return json.loads(text)
        slow = text is None
        status = self.stop()
        return {"error": f"not done in {seconds} s" if slow else f"the process ended with status {status}"}

    def read_line(self, seconds):
        """A line; None if it does not come in time, nothing if the process has ended."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.process.stdout, selectors.EVENT_READ)
            return self.process.stdout.readline() if selector.select(seconds) else None

    def stop(self):
        """Ends it, and returns its status."""
        if self.process is None:
            return 0
        try:
            os.killpg(self.process.pid, signal.SIGKILL) if self.process.poll() is None else None
        except ProcessLookupError:
            pass
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                pipe.close()
            except BrokenPipeError:
                pass
        status, self.process = self.process.wait(), None
        return status
