# SPDX-License-Identifier: Apache-2.0
"""A scratch copy of the sources, with its own build, that mutants are applied to and tested in."""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time

SKIPPED = {".git", "build", "out", "__pycache__"}


def list_files(root):
    """The files of the working tree that git tracks or would add; without git, all but the build folders."""
    words = ["git", "-C", root, "ls-files", "-coz", "--exclude-standard"]
    listed = subprocess.run(words, capture_output=True, check=False)
    if listed.returncode == 0 and os.path.exists(os.path.join(root, ".git")): # not a folder that a repository ignores
        names = [n for n in listed.stdout.decode().split("\0") if n]
    else:
        names = [os.path.relpath(os.path.join(folder, name), root) for folder, inner, found in os.walk(root)
                 for name in found if not inner.__setitem__(slice(None), [i for i in inner if i not in SKIPPED])]
    return sorted({n for n in names if os.path.isfile(os.path.join(root, n))})


def read(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, data):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as file:
        file.write(data)


def copy_sources(root, target):
    """Updates the copy. Writes only files that differ, so that builds stay incremental."""
    wanted = list_files(root)
    for name in wanted:
        source, copy = os.path.join(root, name), os.path.join(target, name)
        if not os.path.isfile(copy) or read(copy) != read(source):
            write(copy, read(source))
        shutil.copymode(source, copy)
    known = set(wanted)
    for folder, inner, found in os.walk(target):
        inner[:] = [i for i in inner if i not in SKIPPED]
        for name in found:
            path = os.path.join(folder, name)
            if os.path.relpath(path, target) not in known:
                os.remove(path)
    return wanted


class Stopped(Exception):
    """The run was interrupted; nothing more may be started."""


class Result:
    def __init__(self, good, seconds, output, hung=False):
        self.good, self.seconds, self.output, self.hung = good, seconds, output, hung


class Test:
    """A command that passes or fails: a ctest entry, or the case-line runner with some operations."""

    def __init__(self, key, command, targets):
        self.key, self.command, self.targets = key, command, targets


class Tree:
    """The folder `place` holds the copy (source/), its build (build/) and what mutants write elsewhere (home/)."""

    def __init__(self, root, place, cache):
        self.root, self.place = root, place
        self.source, self.build = os.path.join(place, "source"), os.path.join(place, "build")
        self.home = os.path.join(place, "home")
        self.cache = cache
        self.process, self.stopped = None, False
        self.files = []     # what was copied
        self.tests = {}     # ctest entries by name
        self.objects = []   # object files of the library and the program, as ninja names them
        self.sums = {}      # their digests without a mutant

    # ---- running -----------------------------------------------------------------------------------------------------

    def environment(self):
        """Mutants have a home folder of their own, and share PoCL's cache of compiled kernels."""
        words = dict(os.environ, HOME=self.home, TMPDIR=os.path.join(self.home, "tmp"), POCL_CACHE_DIR=self.cache)
        words.pop("XDG_CACHE_HOME", None)
        os.makedirs(words["TMPDIR"], exist_ok=True)
        return words

    def run(self, command, limit=None, folder=None):
        """Runs a command in a session of its own, so that all of it can be ended, with limits on memory and files."""
        memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 1024 * 3 // 4
        bounded = ["sh", "-c", f'ulimit -c 0; ulimit -f 8388608; ulimit -v {memory}; exec "$@"', "sh", *command]
        begun = time.monotonic()
        if self.stopped:
            raise Stopped
        with open(os.path.join(self.place, "output"), "w+b") as output:
            self.process = subprocess.Popen(bounded, cwd=folder or self.source, stdin=subprocess.DEVNULL, stdout=output,
                                            stderr=subprocess.STDOUT, env=self.environment(), start_new_session=True)
            hung = False
            try:
                self.process.wait(limit)
            except subprocess.TimeoutExpired:
                hung = True
            finally:
                self.end()
            seconds = time.monotonic() - begun
            output.seek(0)
            text = output.read(1 << 20).decode(errors="replace")
        if self.stopped: # the command was ended, so its result means nothing
            raise Stopped
        return Result(self.process.returncode == 0 and not hung, seconds, text, hung)

    def stop(self):
        self.stopped = True
        self.end()

    def end(self):
        """Ends the running command and its children."""
        if self.process is None:
            return
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass
        self.process.wait()

    # ---- building ----------------------------------------------------------------------------------------------------

    def prepare(self):
        """Copies, configures and builds, and remembers each object file. Returns None, or what went wrong."""
        self.files = copy_sources(self.root, self.source)
        done = self.run(["cmake", "-G", "Ninja", "-S", ".", "-B", self.build, "-DCMAKE_BUILD_TYPE=Release",
                         "-DCMAKE_C_FLAGS_RELEASE=-O2 -DNDEBUG -Werror=return-type", "-DCLF_WARNINGS_AS_ERRORS=OFF",
                         "-DCLF_CHECK_KERNELS=OFF"])
        if not done.good:
            return "configuring failed:\n" + done.output
        listed = self.run(["ninja", "-C", self.build, "-t", "targets", "all"])
        outputs = re.findall(r"^(\S+): \w", listed.output, re.M)
        self.objects = [o for o in outputs if o.endswith(".o") and not re.match(r"(tests|bench)/", o)]
        done = self.ninja([])
        if not done.good:
            return "building failed:\n" + done.output
        self.read_tests(set(outputs)) # ctest lists a program only if it exists
        self.sums = {name: self.digest(name) for name in self.objects}
        return None

    def ninja(self, targets):
        return self.run(["ninja", "-C", self.build, *targets])

    def digest(self, name):
        return hashlib.sha1(read(os.path.join(self.build, name))).hexdigest()

    def same_objects(self):
        """Whether the object files are the same as without a mutant, byte for byte."""
        return all(self.digest(name) == known for name, known in self.sums.items())

    def read_tests(self, outputs):
        listed = self.run(["ctest", "--test-dir", self.build, "--show-only=json-v1"])
        described = json.loads(listed.output[listed.output.index("{"):])
        for test in described["tests"]:
            words = [os.path.relpath(word, self.build) for word in test.get("command", []) if os.path.isabs(word)]
            targets = [word for word in words if word in outputs]
            name = test["name"]
            self.tests[name] = Test(name, ["ctest", "--test-dir", self.build, "--output-on-failure", "-R",
                                           f"^{re.escape(name)}$"], targets)

    def small_tests(self, names):
        """The small lines of some operations, on the device as it is and as a GPU."""
        runners = [target for test in self.tests.values() for target in test.targets if target.endswith("/clf_check")]
        if not runners:
            return []
        runner = os.path.join(self.build, runners[0])
        return [Test(f"small lines of {names}", [runner, "--small", *names.split()], runners[:1]),
                Test(f"small lines of {names} as a GPU", [runner, "--as-gpu", "--small", *names.split()], runners[:1])]

    # ---- mutants -----------------------------------------------------------------------------------------------------

    def text(self, path):
        return read(os.path.join(self.source, path)).decode()

    def replace(self, path, text):
        write(os.path.join(self.source, path), text.encode())

    def try_test(self, test, limit):
        """Builds what the test needs and runs it. Returns None if that does not build."""
        if test.targets and not self.ninja(test.targets).good:
            return None
        return self.run(test.command, limit)
