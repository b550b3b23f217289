# SPDX-License-Identifier: Apache-2.0
"""Whether a mutated OpenCL kernel compiles, checked with clang if it is found: the library compiles at run time."""
import os
import re
import shutil


def clang():
    return next((name for name in ["clang", *(f"clang-{n}" for n in range(19, 13, -1))] if shutil.which(name)), None)


def includers(tree, path):
    """The .cl files that include a header, directly or not; for a .cl file, itself."""
    if path.endswith(".cl"):
        return [path]
    texts = {}
    for folder, _, names in os.walk(os.path.join(tree.source, "cl")):
        for name in names:
            file = os.path.relpath(os.path.join(folder, name), tree.source)
            texts[file] = set(re.findall(r'#include "(?:[^"]*/)?([^"/]+)"', tree.text(file)))
    reached = {os.path.basename(path)}
    while True:
        more = {os.path.basename(file) for file, included in texts.items() if included & reached} - reached
        if not more:
            return sorted(file for file in texts if file.endswith(".cl") and os.path.basename(file) in reached)
        reached |= more


def configurations(tree, path):
    """The options in the file's lines `// check: -D...`; no options if it has no such line."""
    found = re.findall(r"^\s*(?://|\*)\s*check:\s*(-.*?)\s*$", tree.text(path), re.M)
    return [words.split() for words in found] or [[]]


def compiles(tree, path, most=3):
    """False if clang rejects a file that holds the mutant, in any of its configurations. Warnings are ignored."""
    compiler = clang()
    if compiler is None:
        return True
    for file in includers(tree, path)[:most]:
        for options in configurations(tree, file):
            words = "-x cl -cl-std=CL1.2 -Xclang -finclude-default-header -fsyntax-only -w -Icl/inc".split()
            if not tree.run([compiler, *words, "-I" + os.path.dirname(file), *options, file]).good:
                return False
    return True


def build_failed(output):
    """Whether a test failed because a program did not compile, in a configuration that clang was not asked about."""
    return re.search(r"building \S+\.cl with .* failed: CL_BUILD_PROGRAM_FAILURE", output) is not None
