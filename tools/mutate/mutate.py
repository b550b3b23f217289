# SPDX-License-Identifier: Apache-2.0
"""Makes random mutants of the sources of the library, the program and the OpenCL kernels, and runs the tests that each
mutated file has. Mutants that no test notices are listed: each needs a test, or an entry in tools/mutate/equal.txt that
says why it makes no difference."""
import argparse
import fcntl
import os
import random
import signal
import sys
import threading
import time

import generator
import kernels
import lines
import rooms
import state
import tree


class Times:
    """How long each test takes, and whether it passes without a mutant; learnt as the tests run."""

    def __init__(self, path):
        self.path, self.lock = path, threading.Lock()
        self.known = state.load_json(path, {})

    def learn(self, test, done):
        with self.lock:
            self.known[test.key] = {"seconds": round(done.seconds, 2), "good": done.good}
            state.save_json(self.path, {key: known for key, known in self.known.items() if known["good"]})

    def of(self, test):
        return self.known.get(test.key)


def say(text):
    print(text, flush=True)


def shown(text):
    """A mutated line as it is printed: nothing if all of it became a comment."""
    return text.strip() if lines.normal(text) else ""


def describe(draw):
    rows = [f"    - {draw['before'].strip()}"] + [f"    + {row}" for row in shown(draw["after"]).split("\n")]
    return "\n".join(rows)


class Judge:
    """Draws mutants and judges them in a scratch tree of its own."""

    def __init__(self, where, run):
        self.tree, self.run = where, run
        self.make = generator.Generator(run.mutator, os.path.join(where.place, "mutants"))

    def draw(self, number):
        """Makes draw `number` and returns it with its result."""
        chance = random.Random(f"{self.run.seed}:{number}")
        path, line = chance.choice(self.run.lines)
        draw = {"file": path, "line": line.number, "where": line.where, "before": line.text}
        text = self.tree.text(path)
        mutants = self.make.make(text, line)
        if not mutants:
            return {**draw, "result": "none"}
        draw["after"] = chance.choice(mutants)
        if self.run.state.has(path, line.text, draw["after"]):
            return {**draw, "result": "again"}
        return self.judge_mutant(draw, text, line)

    def judge_mutant(self, draw, text, line):
        """Runs the mutant, unless what is known of its line decides."""
        why = self.run.equal.get(state.mutant_key(draw["file"], line.text, draw["after"]))
        if why:
            return {**draw, "result": "explained", "why": why}
        if self.run.table.speed_alone(draw["file"], line):
            return {**draw, "result": "speed"}
        return self.try_mutant(draw, text, line)

    def try_mutant(self, draw, text, line):
        """Compiles the mutant and, if it counts, runs its tests; then restores the tree."""
        path, changed = draw["file"], generator.with_line(text, line, draw["after"])
        begun = time.monotonic()
        try:
            self.tree.replace(path, changed)
            found = self.compile(path) or self.run_tests(path, text, changed)
            if found["result"] == "survived" and self.same_kernels(path, text, changed):
                found = {"result": "equal"}
        finally:
            self.tree.replace(path, text)
        return {**draw, **found, "all_seconds": round(time.monotonic() - begun, 1)}

    def compile(self, path):
        """The result of a mutant that does not count; None if it counts."""
        if path.startswith("cl/"):
            return None if kernels.compiles(self.tree, path) else {"result": "uncompiled"}
        if not self.tree.ninja(self.tree.objects).good:
            return {"result": "uncompiled"}
        return {"result": "equal"} if self.tree.same_objects() else None

    def same_kernels(self, path, text, changed):
        """Whether a mutated OpenCL kernel compiles to the same code; asked of survivors alone, since it takes long."""
        if not path.startswith("cl/") or kernels.clang() is None:
            return False
        mutated = kernels.code(self.tree, path)
        self.tree.replace(path, text)
        same = mutated == kernels.code(self.tree, path)
        self.tree.replace(path, changed)
        return same

    def tests_of(self, path):
        """The tests of a file, quickest first; those that have not run yet come last, in the table's order."""
        tests = []
        for entry, name in self.run.table.tests(path, self.tree.tests):
            tests += [self.tree.tests[name]] if entry else self.tree.small_tests(name)
        known = [(test, self.run.times.of(test)) for test in tests]
        return [test for test, seen in sorted(known, key=lambda pair: pair[1]["seconds"] if pair[1] else 1e9)
                if seen is None or seen["good"]]

    def run_tests(self, path, text, changed):
        ran = []
        for test in self.tests_of(path):
            known = self.run.times.of(test)
            done = self.tree.try_test(test, 6 * known["seconds"] + 30 if known else 900)
            if done is None or (not done.good and path.startswith("cl/") and kernels.build_failed(done.output)):
                return {"result": "uncompiled"}
            if done.good and not known:
                self.run.times.learn(test, done)
            if not done.good and not known and not self.passes_unmutated(test, path, text, changed):
                continue
            ran.append(test.key)
            if not done.good:
                return {"result": "killed", "by": test.key, "hung": done.hung, "seconds": round(done.seconds, 1),
                        "tests": ran}
        return {"result": "survived", "tests": ran}

    def passes_unmutated(self, test, path, text, changed):
        """Asked when a test fails that has not passed before."""
        self.tree.replace(path, text)
        done = self.tree.try_test(test, 1800)
        if done is None or not done.good:
            say(f"'{test.key}' fails without any mutant, and is left out; it ended with:\n"
                f"{done.output[-400:] if done else 'it does not build'}")
        if done is not None:
            self.run.times.learn(test, done)
        self.tree.replace(path, changed)
        return done is not None and done.good


class Run:
    """One call of the program: what the judges, which work in parallel, share."""

    def __init__(self, options):
        self.options, self.table, self.mutator = options, rooms.Table(), options.mutator
        self.folder = os.path.abspath(options.folder)
        os.makedirs(self.folder, exist_ok=True)
        self.seed = options.seed if options.seed is not None else random.SystemRandom().randrange(1, 1 << 31)
        self.state = state.State(os.path.join(self.folder, f"{self.seed}.json"), self.seed)
        self.times = Times(os.path.join(self.folder, "times.json"))
        self.equal = state.read_equal(os.path.join(options.root, options.equal))
        self.changed = threading.Condition()
        self.next, self.under_way, self.stopped, self.failure = 0, 0, False, None
        cache = os.environ.get("POCL_CACHE_DIR") or os.path.join(self.folder, "pocl-cache")
        os.makedirs(cache, exist_ok=True)
        self.trees = [tree.Tree(os.path.abspath(options.root), os.path.join(self.folder, f"tree{i + 1}"), cache)
                      for i in range(options.jobs)]

    def lock_folder(self):
        """Two runs in the same trees would change each other's sources."""
        self.lock_file = open(os.path.join(self.folder, "lock"), "w", encoding="utf-8")
        try:
            fcntl.flock(self.lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            sys.exit(f"another run is using {self.folder}")

    def prepare_tree(self, where, problems):
        try:
            problems.append(where.prepare())
        except tree.Stopped:
            problems.append("interrupted")

    def prepare(self):
        self.lock_folder()
        say(f"seed {self.seed}; './dev mutate {self.options.count} --seed {self.seed}' resumes this run")
        problems = []
        threads = [threading.Thread(target=self.prepare_tree, args=(where, problems)) for where in self.trees]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if len(problems) < len(threads) or any(problems):
            sys.exit("\n".join(p for p in problems if p) or "the scratch trees could not be made")
        self.lines = []
        for path in self.trees[0].files:
            if self.table.mutates(path):
                self.lines += [(path, line) for line in lines.read(path, self.trees[0].text(path))]
        if not self.lines:
            sys.exit("there are no lines to mutate")

    # ---- handing out -------------------------------------------------------------------------------------------------

    def take(self):
        """The number of the next draw; None when enough mutants count. Waits while those under way may be enough."""
        with self.changed:
            while not self.stopped and self.state.counted() < self.options.count and not self.exhausted():
                if self.state.counted() + self.under_way < self.options.count:
                    while self.state.known(self.next):
                        self.next += 1
                    self.next += 1
                    self.under_way += 1
                    return self.next - 1
                self.changed.wait(1)
        return None

    def exhausted(self):
        """Whether so many draws in a row did not count that hardly any mutants are left."""
        latest = self.state.draws()[-self.options.patience:]
        return len(latest) == self.options.patience and not any(d["result"] in state.COUNTED for d in latest)

    def work(self, judge):
        try:
            while (number := self.take()) is not None:
                draw = judge.draw(number)
                with self.changed:
                    self.under_way -= 1
                    self.state.record(number, draw)
                    self.tell(draw)
                    self.changed.notify_all()
        except tree.Stopped:
            pass
        except Exception as problem:  # raised again in the main thread
            self.failure = self.failure or problem
            self.stop()

    def work_again(self, judge, waiting):
        """Runs survivors again, with the present tests."""
        try:
            while not self.stopped:
                with self.changed:
                    if not waiting:
                        return
                    number, draw = waiting.pop(0)
                found = self.judge_again(judge, draw)
                with self.changed:
                    self.state.record(number, found)
                    self.tell(found)
        except tree.Stopped:
            pass
        except Exception as problem:
            self.failure = self.failure or problem
            self.stop()

    def judge_again(self, judge, draw):
        same = [line for path, line in self.lines if path == draw["file"] and line.text == draw["before"]]
        kept = {key: draw[key] for key in ("file", "line", "where", "before", "after")}
        if not same:
            return {**kept, "result": "gone"}
        line = min(same, key=lambda found: abs(found.number - draw["line"]))
        return judge.judge_mutant({**kept, "line": line.number}, judge.tree.text(draw["file"]), line)

    def go(self):
        begun = time.monotonic()
        judges = [Judge(where, self) for where in self.trees]
        if self.options.again:
            waiting = [(int(n), d) for n, d in self.state.data["draws"].items() if d["result"] == "survived"]
            threads = [threading.Thread(target=self.work_again, args=(judge, waiting)) for judge in judges]
        else:
            threads = [threading.Thread(target=self.work, args=(judge,)) for judge in judges]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.state.data["seconds"] += round(time.monotonic() - begun, 1)
        self.state.save()
        if self.failure:
            raise self.failure

    def stop(self, *_):
        """Ends what is running; the next run repeats those draws."""
        self.stopped = True
        for where in self.trees:
            where.stop()

    # ---- telling -----------------------------------------------------------------------------------------------------

    def tell(self, draw):
        place = f"{draw['file']}:{draw['line']}"
        if draw["result"] in state.COUNTED:
            count = f"[{self.state.counted():3}/{self.options.count}]"
            if draw["result"] == "killed":
                hung = ", which hung," if draw["hung"] else ""
                say(f"{count} {place}: killed by {draw['by']}{hung} in {draw['all_seconds']} s")
            else:
                say(f"{count} {place}: SURVIVED {len(draw['tests'])} tests in {draw['all_seconds']} s")
                say(describe(draw))
        elif self.options.verbose:
            say(f"          {place}: {state.NOT_COUNTED[draw['result']]}")

    def report(self):
        draws = self.state.draws
        killed, survived = draws("killed"), draws("survived")
        say("")
        speed = draws("speed")
        if speed:
            say(f"mutants that change only speed ({len(speed)}; not run, not counted):")
            for draw in speed:
                say(f"  {draw['file']}:{draw['line']} ({draw['where']})\n{describe(draw)}")
        if survived:
            say(f"survivors ({len(survived)}):")
            for draw in survived:
                tests = ", ".join(draw["tests"]) or "no test"
                say(f"  {draw['file']}:{draw['line']} ({draw['where']})\n{describe(draw)}\n    passed: {tests}")
        dropped = ", ".join(f"{len(draws(name))}: {words}" for name, words in state.NOT_COUNTED.items() if draws(name))
        say(f"not counted: {dropped or 'none'}")
        share = 100 * len(killed) / max(1, len(killed) + len(survived))
        say(f"seed {self.seed}: {len(killed)} of {len(killed) + len(survived)} mutants killed, {share:.0f} %, in "
            f"{self.state.data['seconds'] / 60:.0f} minutes; details are in {os.path.relpath(self.state.path)}")
        return share


def read_options(arguments):
    parser = argparse.ArgumentParser(prog="./dev mutate", description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=100, help="how many mutants are to be judged (100)")
    parser.add_argument("--seed", type=int, help="repeat the draws of this seed, or resume them; default: a random one")
    parser.add_argument("--again", action="store_true", help="run the seed's survivors again, with present tests")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1), help="scratch trees to use (2)")
    parser.add_argument("--verbose", action="store_true", help="report draws that do not count as well")
    parser.add_argument("--patience", type=int, default=300, help=argparse.SUPPRESS)
    parser.add_argument("--mutator", default="build/mutate/venv/bin/mutate", help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="build/mutate", help=argparse.SUPPRESS)
    parser.add_argument("--root", default=".", help=argparse.SUPPRESS)
    parser.add_argument("--equal", default="tools/mutate/equal.txt", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.again and options.seed is None:
        parser.error("--again needs --seed")
    return options


def main(arguments):
    """Returns the exit status: 0 if at least nine mutants of ten are killed."""
    run = Run(read_options(arguments))
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, run.stop)
    run.prepare()
    if not run.stopped:
        run.go()
    share = run.report()
    return 130 if run.stopped else 0 if share >= 90 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
