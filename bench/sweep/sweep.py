# SPDX-License-Identifier: Apache-2.0
"""Times clfilter and its peers over the space of calls that users make; ./dev bench sweep runs it. This process draws
the rows, keeps the records and reports; worker.py times. The standard library is all it needs."""
import datetime
import json
import os
import sys

import arguments
import environment
import heat_map
import report
import spaces
from progress import Progress
from store import Store, digest
from workers import Worker, WorkerError


def rows_of(options):
    """The rows that are asked for, group by group."""
    for group in options.groups:
        yield from spaces.listed(group) if options.full else spaces.draw(group, options.rows, options.seed)


def print_rows(rows):
    for row in rows:
        print(f"{row.group:10} {row.call:40} {row.line}" + (f"  (sigma {row.sigma:g})" if row.sigma else ""))


class Sweep:
    """A run: what it times with, what it keeps, what it has seen."""

    def __init__(self, options):
        self.options = options
        self.store = Store(os.path.join(options.folder, "results.jsonl"), digest(options.library), options.threads)
        self.about = {"library": self.store.marks["library"], "threads": options.threads,
                      "date": datetime.date.today().isoformat(), "processors": os.cpu_count()} | self.last_about()

    def last_about(self):
        """The device and the peers of the last run, for one that finds all its rows timed before."""
        try:
            with open(os.path.join(self.options.folder, "about.json"), encoding="utf-8") as file:
                return json.load(file)
        except (OSError, json.JSONDecodeError):
            return {}

    def time(self, rows):
        """Times what is not known yet. Returns the records of all rows; of those that are done, if interrupted."""
        known = {row: None if self.options.again else self.store.find(row, self.options.solvers) for row in rows}
        missing = [row for row in rows if known[row] is None]
        if len(missing) < len(rows):
            environment.say(f"{len(rows) - len(missing)} of {len(rows)} rows were timed before with this build of the "
                            "library; --again times them again")
        if missing:
            known |= self.time_missing(missing)
        return [known[row] for row in rows if known[row] is not None]

    def time_missing(self, rows):
        worker, found = self.open_worker(), {}
        progress = Progress(len(rows))
        try:
            for row in rows:
                progress.show(row)
                found[row] = self.store.add(row, self.options.solvers, worker.ask(row))
                progress.advance()
        except KeyboardInterrupt:
            progress.clear()
            environment.say(f"interrupted; {progress.done} of {len(rows)} rows are kept, and the same command goes on")
        finally:
            progress.clear()
            worker.stop()
        return found

    def open_worker(self):
        """Starts the process that times, and says which libraries it lacks."""
        interpreter = environment.python(self.options.folder)
        if interpreter is None:
            raise WorkerError("NumPy is needed, and cannot be installed")
        worker = Worker(interpreter, self.options.library, self.options.threads, self.options.solvers,
                        os.path.join(self.options.folder, "log.txt"))
        about = worker.start()
        for name, reason in about["absent"].items():
            environment.say(f"{name} is not there and is passed over ({reason})")
        known = {"device": about["device"], "versions": about["versions"]}
        write(os.path.join(self.options.folder, "about.json"), json.dumps(known) + "\n")
        self.about |= known
        return worker


def sentence(about):
    """Where the figures come from, in a line."""
    threads = "one thread" if about["threads"] == 1 else f"{about['threads']} threads"
    versions = ", ".join(f"{name} {version}" for name, version in about.get("versions", {}).items())
    return (f"{about.get('device', 'as timed before')}, {about['processors']} processors, {threads} a side, "
            f"{about['date']}{'; ' + versions if versions else ''}.")


def write(path, text):
    if path == "-":
        sys.stdout.write(text)
        return
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def tell(options, about, records):
    """Prints the report and writes the files. Returns the exit status."""
    if options.markdown != "-":
        sys.stdout.write(report.text(records))
    if options.json:
        write(options.json, json.dumps({"about": about, "rows": records}, indent=1, ensure_ascii=False) + "\n")
    if options.svg:
        write(options.svg, heat_map.draw(records, sentence(about)))
    if options.markdown:
        write(options.markdown, report.markdown(records, sentence(about)))
    return 1 if any("error" in record for record in records) else 0


def main(words):
    options = arguments.read(words)
    if options.list:
        print_rows(rows_of(options))
        return 0
    try:
        if options.recorded:
            with open(options.recorded, encoding="utf-8") as file:
                recorded = json.load(file)
            return tell(options, recorded["about"], recorded["rows"])
        sweep = Sweep(options)
        records = sweep.time(list(rows_of(options)))
        return tell(options, sweep.about, records)
    except (OSError, WorkerError, json.JSONDecodeError) as error:
        environment.say(str(error))
        return 1


if __name__ == "__main__":
    sys.stdout.reconfigure(errors="replace")  # not every terminal has an ≈
    sys.exit(main(sys.argv[1:]))
