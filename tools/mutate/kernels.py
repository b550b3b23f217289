# SPDX-License-Identifier: Apache-2.0
"""What clang says of a mutated OpenCL kernel, in the configurations that its check lines name: whether it compiles, and
whether it compiles to the same code. Without clang both are left to the tests."""
import hashlib
import os
import re
import shutil


def clang():
    return next((name for name in ["clang", *(f"clang-{n}" for n in range(19, 13, -1))] if shutil.which(name)), None)


def includes(tree, path):
    """The files that a file of cl/ includes directly."""
    found = set()
    for name in re.findall(r'^\s*#\s*include "([^"]+)"', tree.text(path), re.M):
        near = os.path.normpath(os.path.join(os.path.dirname(path), name))
        found.add(near if os.path.isfile(os.path.join(tree.source, near)) else os.path.join("cl/inc", name))
    return found


def includers(tree, path):
    """The .cl files that include a header, directly or not; for a .cl file, itself."""
    files = [file for file in tree.files if re.match(r"cl/.*\.(cl|h)$", file)]
    included = {file: includes(tree, file) for file in files}
    reached = {path}
    while True:
        more = {file for file in files if included[file] & reached} - reached
        if not more:
            return sorted(file for file in reached if file.endswith(".cl"))
        reached |= more


def commands(tree, path):
    """A compiler command for each configuration of a .cl file, warnings ignored."""
    listed = tree.run(["cmake", f"-DCLANG={clang()}", f"-DSOURCE={path}", "-DINCLUDE_DIR=cl/inc", "-DLIST_ONLY=1", "-P",
                       "cmake/check_kernel.cmake"])
    return [[word for word in line.split("\t") if word != "-Werror"] + ["-w"] for line in listed.output.split("\n")
            if line]


def compiles(tree, path):
    """False if clang rejects the mutant for a CPU or for a GPU. Tests show what does not compile otherwise."""
    for file in includers(tree, path)[:2] if clang() else []:
        every = commands(tree, file)
        for command in (every[0], every[-1]):
            if not tree.run(command).good:
                return False
    return True


def code(tree, path):
    """A digest of the code that each configuration compiles to, or of the fact that it does not compile."""
    output, digests = os.path.join(tree.place, "code.ll"), []
    for file in includers(tree, path):
        for command in commands(tree, file):
            command = [word for word in command if word != "-fsyntax-only"]
            done = tree.run([*command, "-O1", "-S", "-emit-llvm", "-o", output])
            with open(output, "rb") as compiled:
                digests.append(hashlib.sha1(compiled.read()).hexdigest() if done.good else "none")
    return digests


def build_failed(output):
    """Whether a test failed because a program did not compile."""
    return re.search(r"building \S+\.cl with .* failed: CL_BUILD_PROGRAM_FAILURE", output) is not None
