# SPDX-License-Identifier: Apache-2.0
"""The report: as text for a terminal, and in Markdown for a page."""
import ratios
from ratios import milliseconds, shown

HEADS = ("rows", "below 1.0", "worst", "mean", "from host: below 1.0", "mean")
MOST_MARKDOWN_ROWS = 120


def group_cells(summary):
    return [str(summary.rows), str(summary.below), shown(summary.worst), shown(summary.mean),
            str(summary.host_below), shown(summary.host_mean)]


def text(records):
    """Everything, as lines of text."""
    rows = ratios.timed(records)
    lines = slower_lines(rows) + [""] + group_lines(rows)
    for part in (misjudged_lines(rows), failed_lines(rows), error_lines(records)):
        lines += [""] + part if part else []
    return "\n".join(lines) + "\n"


def slower_lines(rows):
    """The rows slower than a peer, worst first."""
    slower = ratios.slower(rows)
    if not slower:
        return ["no row is slower than a peer"]
    lines = ["slower than a peer, worst first (ratio: its time / ours; host: from host arrays, planned each time)",
             f"{'ratio':>6} {'host':>6}  {'group':9} {'ms':>8}  {'solver':20} {'peer ms':>8}  {'peer':32} problem"]
    for row in slower:
        lines.append(f"{shown(row.ratio):>6} {shown(row.host_ratio):>6}  {row.group:9} {milliseconds(row.seconds):>8}  "
                     f"{row.solver:20} {milliseconds(row.peer_seconds):>8}  {row.peer:32} {row.line}")
    return lines


def group_lines(rows):
    """A line a group, and the total."""
    summaries = ratios.summaries(rows)
    if not summaries:
        return ["no row has a peer"]
    lines = [f"{'group':10} {HEADS[0]:>5} {HEADS[1]:>10} {HEADS[2]:>7} {HEADS[3]:>7} {HEADS[4]:>22} {HEADS[5]:>7}"]
    for summary in summaries:
        cells = group_cells(summary)
        lines.append(f"{summary.name:10} {cells[0]:>5} {cells[1]:>10} {cells[2]:>7} {cells[3]:>7} {cells[4]:>22} "
                     f"{cells[5]:>7}")
    return lines + ["means are geometric"]


def misjudged_lines(rows):
    """Where the planner's choice is not the best, if other solvers were forced."""
    compared = [row for row in rows if row.solvers]
    if not compared:
        return []
    misjudged = ratios.misjudged(rows)
    lines = [f"the estimate is beyond {ratios.ESTIMATE_LIMIT} x the best solver in {len(misjudged)} of {len(compared)} "
             "rows" + (":" if misjudged else "")]
    for row in misjudged:
        lines.append(f"{row.estimate_factor:6.2f} x  {row.solver} {milliseconds(row.seconds)} ms, {row.best_solver} "
                     f"{milliseconds(row.solvers[row.best_solver])} ms  {row.line}")
    return lines


def failed_lines(rows):
    """Peers that refused a row they were expected to solve: a sentence a peer."""
    seen = {}
    for row in rows:
        for peer, sentence in row.failed.items():
            seen.setdefault(peer, []).append((row.line, sentence))
    return [f"{peer} failed {len(found)} times, such as on {found[0][0]}: {' '.join(found[0][1].split())[:160]}"
            for peer, found in seen.items()]


def error_lines(records):
    """Rows that clfilter did not do."""
    return [f"not timed: {record['line']}: {record['error']}" for record in records if "error" in record]


def markdown(records, about):
    """Tables of groups and of rows. Where there are very many rows, only those slower than a peer are listed."""
    rows = ratios.timed(records)
    lines = [about, "", "| group | " + " | ".join(HEADS) + " |", "|---|" + "---|" * len(HEADS)]
    lines += [f"| {summary.name} | " + " | ".join(group_cells(summary)) + " |" for summary in ratios.summaries(rows)]
    listed = sorted((row for row in rows if row.ratio), key=lambda row: row.ratio)
    if len(listed) > MOST_MARKDOWN_ROWS:
        listed = ratios.slower(rows)
    lines += ["", "| group | problem | solver | fastest peer | ratio | from host arrays |", "|---|---|---|---|---|---|"]
    for row in listed:
        lines.append(f"| {row.group} | `{row.line}` | {row.solver} | {row.peer} | {strong(row.ratio)} | "
                     f"{strong(row.host_ratio)} |")
    return "\n".join(lines) + "\n"


def strong(ratio):
    """A ratio; bold where we are slower."""
    return f"**{shown(ratio)}**" if ratio is not None and ratio < 1 else shown(ratio)
