# SPDX-License-Identifier: Apache-2.0
"""Tests of the sweep (bench/sweep) that need neither its peers nor a device: which rows are drawn, that the library
plans each of them, what is kept, how the process that times is watched, the report and the heat map.
usage: test_sweep.py PLAN_LINES, which is the program of plan_lines.c"""
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import textwrap
import unittest
import xml.etree.ElementTree

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(HERE, "..", "..", "bench", "sweep")
sys.path.insert(0, FOLDER)
sys.dont_write_bytecode = True

# pylint: disable=wrong-import-position
import heat_map
import ratios
import report
import spaces
import store
import sweep
import timing
import workers
from problem import Row

PLAN_LINES = None
SEEDS = 200
GROUPS = ("1d 3d box gauss conv2d dtype odd nhwc views extra small cnn depthwise bankgrad feat match norm shift take "
          "matrix smooth").split()


def listed_by_process(*words, **variables):
    """What the sweep prints, run as a user runs it."""
    done = subprocess.run([sys.executable, "-B", os.path.join(FOLDER, "sweep.py"), "--list", *words], check=True,
                          capture_output=True, text=True, env=os.environ | variables)
    return done.stdout


def run(*words):
    """The sweep within this process: its status and what it printed, on its output and of errors."""
    output, errors = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(errors):
        try:
            status = sweep.main(list(words))
        except SystemExit as ended:
            status = ended.code
    return subprocess.CompletedProcess(words, status, output.getvalue(), errors.getvalue())


def planned(rows):
    """What the library says of the rows' lines."""
    lines = "".join(f"{line}\n" for line in dict.fromkeys(row.line for row in rows))
    return subprocess.run([PLAN_LINES], input=lines, capture_output=True, text=True, check=False)


def recorded():
    with open(os.path.join(HERE, "recorded.json"), encoding="utf-8") as file:
        return json.load(file)


class Drawing(unittest.TestCase):
    def test_every_group_is_there(self):
        self.assertEqual(sorted(GROUPS), sorted(spaces.SPACES))

    def test_seed_decides(self):
        words = ("--rows", "3", "--seed", "5")
        first, second = (listed_by_process(*words, PYTHONHASHSEED=salt) for salt in ("1", "2"))
        self.assertEqual(first, second)
        self.assertEqual(len(first.splitlines()), 3 * len(GROUPS))
        self.assertNotEqual(first, run("--list", "--rows", "3", "--seed", "6").stdout)

    def test_more_rows_begin_with_the_fewer(self):
        for group in GROUPS:
            self.assertEqual(spaces.draw(group, 8, 1)[:3], spaces.draw(group, 3, 1))

    def test_rows_of_a_draw_differ(self):
        for group in GROUPS:
            rows = spaces.draw(group, 40, 2)
            self.assertEqual(len({(row.line, row.call) for row in rows}), 40)
            self.assertGreater(len({row.problem.shape for row in rows}), 20, group)

    def test_every_drawn_line_is_planned(self):
        rows = [row for group in GROUPS for seed in range(SEEDS) for row in spaces.draw(group, 1, seed)]
        self.assertEqual(len(rows), SEEDS * len(GROUPS))
        done = planned(rows)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_every_listed_line_is_planned(self):
        rows = [row for group in GROUPS for row in spaces.listed(group)]
        self.assertGreater(len(rows), 600)
        done = planned(rows)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_refused_lines_are_told(self):
        done = planned([Row("none", "none", "corr f32 8x8 k=3x3"), Row("none", "none", "corr f32 8x8 k=3x3 colour=1")])
        self.assertEqual(done.returncode, 1)
        self.assertIn("2 lines, 1 refused", done.stdout)


class CommandLine(unittest.TestCase):
    def test_unknown_group_is_answered_with_what_exists(self):
        done = run("--list", "gaus")
        self.assertEqual(done.returncode, 2)
        self.assertIn("did you mean gauss?", done.stderr)
        self.assertTrue(all(group in done.stderr for group in GROUPS))

    def test_bad_numbers_are_refused(self):
        for words in (("--rows", "0"), ("--rows", "many"), ("--seed", "-1"), ("--threads", "0"), ("--row", "2")):
            self.assertEqual(run("--list", *words).returncode, 2, words)

    def test_groups_are_listed_alone(self):
        self.assertEqual({line.split()[0] for line in run("--list", "box", "take").stdout.splitlines()},
                         {"box", "take"})

    def test_full_lists_the_listed_space(self):
        self.assertEqual(len(run("--list", "--full", "box").stdout.splitlines()), len(spaces.listed("box")))

    def test_missing_file_is_told(self):
        done = run("--from", os.path.join(HERE, "no such file.json"))
        self.assertEqual(done.returncode, 1)
        self.assertIn("no such file.json", done.stderr)


class Kept(unittest.TestCase):
    ROW = Row("box", "box f32", "box f32 8x8 size=3")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = os.path.join(folder.name, "build", "results.jsonl")

    def test_known_rows_are_found_again(self):
        store.Store(self.path, "one", 1).add(self.ROW, False, {"seconds": 2.0})
        self.assertEqual(store.Store(self.path, "one", 1).find(self.ROW, False)["seconds"], 2.0)

    def test_other_builds_threads_and_demands_are_not(self):
        store.Store(self.path, "one", 1).add(self.ROW, False, {"seconds": 2.0})
        self.assertIsNone(store.Store(self.path, "two", 1).find(self.ROW, False))
        self.assertIsNone(store.Store(self.path, "one", 2).find(self.ROW, False))
        self.assertIsNone(store.Store(self.path, "one", 1).find(self.ROW, True))

    def test_errors_are_tried_again(self):
        store.Store(self.path, "one", 1).add(self.ROW, False, {"error": "not done"})
        self.assertIsNone(store.Store(self.path, "one", 1).find(self.ROW, False))

    def test_a_line_cut_off_is_none(self):
        store.Store(self.path, "one", 1).add(self.ROW, False, {"seconds": 2.0})
        with open(self.path, "a", encoding="utf-8") as file:
            file.write('{"library": "one", "thr')
        self.assertIsNotNone(store.Store(self.path, "one", 1).find(self.ROW, False))


class Watched(unittest.TestCase):
    """The process that times, played by a few lines of Python."""
    PLAYER = textwrap.dedent("""\
        import json, os, sys, time
        print(json.dumps({"device": "none"}), flush=True)
        for text in sys.stdin:
            line = json.loads(text)["line"]
            if line == "dies": os._exit(7)
            if line == "hangs": time.sleep(60)
            print(json.dumps({"seconds": 1.0}), flush=True)
        """)

    def setUp(self):
        self.worker = workers.Worker(sys.executable, "library", 2, False, os.devnull)
        self.worker.command = [sys.executable, "-c", self.PLAYER]
        self.addCleanup(self.worker.stop)
        self.assertEqual(self.worker.start(), {"device": "none"})

    def ask(self, line):
        return self.worker.ask(Row("none", "none", line))

    def test_one_that_dies_is_replaced(self):
        self.assertEqual(self.ask("dies"), {"error": "the process ended with status 7"})
        self.assertEqual(self.ask("corr"), {"seconds": 1.0})

    def test_one_that_hangs_is_replaced(self):
        allowed, workers.ROW_SECONDS = workers.ROW_SECONDS, 0.3
        self.addCleanup(setattr, workers, "ROW_SECONDS", allowed)
        self.assertEqual(self.ask("hangs"), {"error": "not done in 0.3 s"})
        workers.ROW_SECONDS = allowed
        self.assertEqual(self.ask("corr"), {"seconds": 1.0})

    def test_one_that_does_not_start_is_told(self):
        self.worker.stop()
        self.worker.command = [sys.executable, "-c", "raise SystemExit(3)"]
        self.assertRaises(workers.WorkerError, self.worker.start)


class Timed(unittest.TestCase):
    def test_medians_and_failures(self):
        def fail():
            raise ValueError("not this one")
        medians, failed = timing.in_turn({timing.OURS: lambda: sum(range(20_000)), "fast": lambda: None, "bad": fail},
                                         budget=0.01)
        self.assertGreater(medians[timing.OURS], 5 * medians["fast"])
        self.assertEqual(failed, {"bad": "ValueError: not this one"})


class Reported(unittest.TestCase):
    def setUp(self):
        self.records = recorded()["rows"]
        self.rows = ratios.timed(self.records)

    def test_ratios(self):
        fast = self.rows[0]
        self.assertAlmostEqual(fast.ratio, 2.0)
        self.assertAlmostEqual(fast.host_ratio, 0.5)
        self.assertEqual(fast.peer, "cv2.filter2D")
        self.assertIsNone(self.rows[5].ratio)

    def test_slower_rows_come_worst_first(self):
        self.assertEqual([round(row.ratio, 3) for row in ratios.slower(self.rows)], [0.05, 0.5, 0.5])

    def test_groups_and_total(self):
        summaries = {summary.name: summary for summary in ratios.summaries(self.rows)}
        self.assertEqual(list(summaries), ["conv2d", "box", "nhwc", "all"])
        self.assertEqual((summaries["box"].rows, summaries["box"].below), (2, 2))
        self.assertAlmostEqual(summaries["conv2d"].mean, 8 ** 0.5)
        self.assertAlmostEqual(summaries["all"].worst, 0.05)
        self.assertEqual((summaries["all"].rows, summaries["all"].below, summaries["all"].host_below), (5, 3, 4))

    def test_text(self):
        text = report.text(self.records)
        self.assertLess(text.index("box u8 2048x2048"), text.index("corr u8 3x480x640"))
        self.assertNotIn("corr f32 1000x1000", text)
        self.assertIn("beyond 1.3 x the best solver in 1 of 2 rows", text)
        self.assertIn("4.00 x  conv.tile 4 ms, conv.separable 1 ms", text)
        self.assertIn("≈ vips.gaussblur failed 1 times", text)
        self.assertIn("not timed: corr f32 1x4096x64x64 k=4096x4096x3x3 border=constant: not done in 180 s", text)

    def test_nothing_timed(self):
        self.assertIn("no row has a peer", report.text([]))
        self.assertIn("| group |", report.markdown([], "nothing"))

    def test_markdown(self):
        text = report.markdown(self.records, "where")
        self.assertIn("| box | 2 | 2 | 0.05 | 0.16 | 2 | 0.095 |", text)
        self.assertIn("| conv2d | `corr f32 1024x1024 k=3x3` | conv.direct | cv2.filter2D | 2.00 | **0.50** |", text)
        for line in text.splitlines():
            self.assertIn(line.count("|"), (0, 8, 7), line)

    def test_files_and_status(self):
        with tempfile.TemporaryDirectory() as folder:
            paths = {name: os.path.join(folder, name) for name in ("json", "svg", "markdown")}
            done = run("--from", os.path.join(HERE, "recorded.json"),
                       *(word for name, path in paths.items() for word in (f"--{name}", path)))
            self.assertEqual(done.returncode, 1, done.stderr)  # a row has failed
            with open(paths["json"], encoding="utf-8") as file:
                self.assertEqual(json.load(file), recorded())
            xml.etree.ElementTree.parse(paths["svg"])
            with open(paths["markdown"], encoding="utf-8") as file:
                self.assertIn("a device, 2 processors, one thread a side, 2024-01-02; NumPy 1.0.", file.read())


class HeatMap(unittest.TestCase):
    NAMES = {"svg": "http://www.w3.org/2000/svg"}

    def setUp(self):
        about = "a device & its processors; " + ", ".join(f"library {number}.0" for number in range(20))
        self.picture = xml.etree.ElementTree.fromstring(heat_map.draw(recorded()["rows"], about))
        self.cells = {}
        for group in self.picture.findall("svg:g", self.NAMES):
            number = group.find("svg:text", self.NAMES).text
            self.cells[number] = group.find("svg:rect", self.NAMES).get("fill")

    def test_a_cell_a_call_and_size(self):
        self.assertEqual(sorted(self.cells), ["0.05", "0.50", "2.00", "4.00"])

    def test_red_is_below_one(self):
        for number, fill in self.cells.items():
            red, _, blue = (int(part) for part in fill[4:-1].split(","))
            self.assertEqual(red > blue, float(number) < 1, number)

    def test_worse_is_redder(self):
        green = [heat_map.colour(ratio)[1] for ratio in (0.99, 0.9, 0.5, 0.125)]
        self.assertEqual(green, sorted(green, reverse=True))
        self.assertEqual(heat_map.colour(0.125), heat_map.colour(0.01))
        red, _, blue = heat_map.colour(0.99)
        self.assertGreater(red - blue, 20)

    def test_texts_can_be_read(self):
        sizes = [float(text.get("font-size")) for text in self.picture.iter("{http://www.w3.org/2000/svg}text")]
        self.assertGreaterEqual(min(sizes), 12)

    def test_nothing_lies_outside(self):
        width, height = float(self.picture.get("width")), float(self.picture.get("height"))
        for text in self.picture.iter("{http://www.w3.org/2000/svg}text"):
            length = 0.6 * float(text.get("font-size")) * len(text.text)
            left = float(text.get("x")) - {"start": 0, "middle": length / 2, "end": length}[text.get("text-anchor")]
            self.assertTrue(0 <= left and left + length <= width and 0 <= float(text.get("y")) <= height, text.text)


class Bar(unittest.TestCase):
    def test_terminal_sees_the_count_and_the_time_left(self):
        from progress import Progress

        class Terminal(io.StringIO):
            def isatty(self):
                return True

            def fileno(self):
                return 0
        terminal = Terminal()
        width, os.get_terminal_size = os.get_terminal_size, lambda _: os.terminal_size((200, 50))
        self.addCleanup(setattr, os, "get_terminal_size", width)
        bar = Progress(4, terminal)
        for _ in range(2):
            bar.show(Kept.ROW)
            bar.advance()
        bar.show(Kept.ROW)
        self.assertIn("2/4", terminal.getvalue())
        self.assertIn("s left: box, box f32 8x8 size=3", terminal.getvalue())

    def test_others_see_nothing(self):
        from progress import Progress
        file = io.StringIO()
        bar = Progress(4, file)
        bar.show(Kept.ROW)
        bar.clear()
        self.assertEqual(file.getvalue(), "")


if __name__ == "__main__":
    PLAN_LINES = sys.argv.pop(1)
    unittest.main()
