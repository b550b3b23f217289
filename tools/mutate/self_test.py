# SPDX-License-Identifier: Apache-2.0
"""Runs the driver on a project of one function. It must recognise a mutant that the test kills, one that survives, one
that compiles to the same code and one explained as equal, and must resume a run. A script stands in for
universalmutator, which need not be installed. Usage: self_test.py FOLDER (which it replaces)"""
import json
import os
import shutil
import stat
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import lines
import mutate
import rooms
import state

SOURCE = """/* A sum of what is not negative; it counts. */
#include "../tests/fail.h"
int sum(int a, int b, int *calls);
int sum(int a, int b, int *calls) {
    int unused;
    /* a comment */
    (*calls)++;
    if (a < 0 || b < 0) {
        return clf_fail(a, "a is %d", a + 1);
    }
    return a + b; /* with a comment */
}
"""
TEST = "int sum(int, int, int *);\nint main(void) { int n = 0; return sum(2, 3, &n) != 5 || sum(-1, 1, &n) != -1; }\n"
PROJECT = """cmake_minimum_required(VERSION 3.25)
project(tiny LANGUAGES C)
enable_testing()
add_library(tiny STATIC src/sum.c)
add_executable(tests_sum tests/sum.c)
target_link_libraries(tests_sum PRIVATE tiny)
add_test(NAME unit.sum COMMAND tests_sum)
"""
# Called as universalmutator is; writes one mutant of the requested line.
MUTATOR = """#!{python} -IS
import sys
text = open(sys.argv[1]).read().split("\\n")
number = int(open(sys.argv[sys.argv.index("--lines") + 1]).read())
known = {{"++": "--", "a < 0 ||": "(0==1) ||", "a + b": "a - b"}}
if sys.argv[1] == "source.c":
    for old, new in known.items():
        if old in text[number - 1]:
            text[number - 1] = text[number - 1].replace(old, new)
            open("source.mutant.0.c", "w").write("\\n".join(text))
"""


def put(root, name, text):
    path = os.path.join(root, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"self_test: {what}: {found!r}, expected {wanted!r}")


def check_lines():
    """The lines that decide results are found, and no others."""
    expect("lines", [line.number for line in lines.read("src/sum.c", SOURCE)], [7, 8, 9, 11])
    kernel = ("#ifndef LANES\n#define LANES 4\n#endif\n#define TWICE(x) \\\n    (2 * (x))\n"
              "kernel void k(global int *y,\n              int n) {\n    y[0] = n; // set\n    return;\n}\n"
              "constant int t[] = {1,\n    2};\n")
    found = lines.read("cl/k.cl", kernel)
    expect("lines of a kernel", [line.number for line in found], [5, 8, 11, 12])
    expect("names", [line.where for line in found], ["TWICE", "k", "t", "t"])
    expect("a macro goes on", found[0].continued or found[0].text, "    (2 * (x))")
    line = lines.read("src/x.c", 'int f(int a) {\n    return a ? clf_fail(1, "x %d",\n        a + 2) : 3;\n}\n')
    expect("what only reports", [(found.number, found.report_column()) for found in line], [(2, 15)])


def check_table():
    """Every source file has tests, and the list of equal mutants can be read."""
    table = rooms.Table()
    root = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
    for folder in ("src", "cl"):
        for where, _, names in os.walk(os.path.join(root, folder)):
            for name in names:
                path = os.path.relpath(os.path.join(where, name), root)
                if table.mutates(path):
                    expect(f"tests of {path}", table.parts(path) != [], True)
    found = table.tests("src/ops/median/rows.c", ["median.gpu", "unit.bad_median", "medians", "unit.line", "take"])
    expect("tests of an operation without a row", found, [(False, "median"), (True, "median.gpu"),
                                                          (True, "unit.bad_median"), (True, "unit.line")])
    state.read_equal(os.path.join(root, "tools/mutate/equal.txt"))


def run(folder, root, *more):
    options = ["--root", root, "--folder", os.path.join(folder, "state"), "--mutator", os.path.join(folder, "mutator"),
               "--equal", "equal.txt", "--jobs", "1", "--seed", "7", "--patience", "24", *more]
    mutate.main(options)
    with open(os.path.join(folder, "state", "7.json"), encoding="utf-8") as file:
        return json.load(file)


def results(told):
    return {draw["line"]: draw["result"] for draw in told["draws"].values() if draw["result"] != "again"}


def check_driver(folder):
    root = os.path.join(folder, "project")
    put(root, "src/sum.c", SOURCE)
    put(root, "tests/sum.c", TEST)
    put(root, "tests/fail.h", "#define clf_fail(...) (-1)\n")
    put(root, "CMakeLists.txt", PROJECT)
    os.chmod(put(folder, "mutator", MUTATOR.format(python=sys.executable)), stat.S_IRWXU)
    told = run(folder, root, "1")
    expect("a run of one mutant", told["summary"]["killed"] + told["summary"]["survived"], 1)
    first = dict(told["draws"])
    told = run(folder, root, "9")
    expect("draws kept", {number: told["draws"][number] for number in first}, first)
    expect("results", results(told), {7: "survived", 8: "killed", 9: "none", 11: "killed"})
    put(root, "equal.txt", "src/sum.c\n-   (*calls)++;\n+   (*calls)--;\nnobody looks at it\n")
    expect("explained", results(run(folder, root, "3", "--again"))[7], "explained")
    put(root, "equal.txt", "")
    shutil.rmtree(os.path.join(folder, "state"))
    source = SOURCE.replace("(*calls)++;", "if (a < 0 || a < 0) b = b;").replace("return a + b", "return b + a")
    put(root, "src/sum.c", source)
    told = run(folder, root, "9")
    expect("the same code is no mutant", results(told), {7: "equal", 8: "killed", 9: "none", 11: "none"})


def main():
    folder = os.path.abspath(sys.argv[1])
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    check_lines()
    check_table()
    check_driver(folder)
    print("The driver tells killed, surviving and equal mutants apart. universalmutator itself was not run.")


if __name__ == "__main__":
    main()
