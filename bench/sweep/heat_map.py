# SPDX-License-Identifier: Apache-2.0
"""The heat map: a row a call, a column a size, in each cell the worst ratio of its rows. Red is slower than a peer,
blue is faster; the hue changes at 1, and both are strongest from a factor of 8 on."""
import html
import math

import ratios
from problem import SIZES

LEFT, TOP, CELL_WIDTH, CELL_HEIGHT, GROUP_GAP = 330, 96, 92, 22, 8
FONT = "font-family='system-ui, sans-serif'"
STRONGEST = 3.0  # of the binary logarithm
SLOWER, EVEN, FASTER = (197, 40, 40), (247, 247, 244), (36, 99, 175)


def colour(ratio):
    """White at 1, towards red below and blue above by the logarithm. What is not 1 is tinted from the beginning."""
    strength = math.log2(ratio) / STRONGEST
    share = min(1.0, 0.2 + 0.8 * abs(strength)) if ratios.shown(ratio) != "1.00" else 0.0
    end = SLOWER if strength < 0 else FASTER
    return tuple(round(a + (b - a) * share) for a, b in zip(EVEN, end))


def cell_worst(rows):
    """{(group, call): {size: (worst ratio, rows)}}, in the order of the rows."""
    table = {}
    for row in rows:
        if row.ratio:
            cells = table.setdefault((row.group, row.call), {})
            worst, count = cells.get(row.problem.size_class, (math.inf, 0))
            cells[row.problem.size_class] = (min(worst, row.ratio), count + 1)
    return table


def text(x, y, words, size=13, anchor="start", fill="#222", weight="normal"):
    return (f"<text x='{x:g}' y='{y:g}' font-size='{size}' text-anchor='{anchor}' fill='{fill}' "
            f"font-weight='{weight}'>{html.escape(words)}</text>")


def cell(x, y, ratio, count):
    """A coloured box with its number in it; the number of rows is in its tooltip."""
    red, green, blue = colour(ratio)
    light = 0.3 * red + 0.59 * green + 0.11 * blue > 140
    return (f"<g><title>worst of {count} row{'s' if count > 1 else ''}</title>"
            f"<rect x='{x:g}' y='{y:g}' width='{CELL_WIDTH - 2}' height='{CELL_HEIGHT - 2}' rx='2' "
            f"fill='rgb({red},{green},{blue})'/>"
            + text(x + CELL_WIDTH / 2 - 1, y + 15, ratios.shown(ratio), anchor="middle",
                   fill="#111" if light else "#fff") + "</g>")


def legend(x, y):
    """Boxes from 1/8 to 8."""
    parts = [text(x - 8, y + 15, "a peer's time / ours:", anchor="end")]
    for index, ratio in enumerate((1 / 8, 1 / 4, 1 / 2, 0.9, 1, 1.1, 2, 4, 8)):
        red, green, blue = colour(ratio)
        label = {1 / 8: "≤ 1/8", 1 / 4: "1/4", 1 / 2: "1/2", 0.9: "0.9", 8: "≥ 8"}.get(ratio, f"{ratio:g}")
        fill = "#111" if 0.3 * red + 0.59 * green + 0.11 * blue > 140 else "#fff"
        parts.append(f"<rect x='{x + 50 * index}' y='{y}' width='50' height='20' fill='rgb({red},{green},{blue})'/>")
        parts.append(text(x + 50 * index + 25, y + 15, label, 12, "middle", fill))
    return parts


def draw(records, about):
    """The picture as the text of an SVG file."""
    table, sizes = cell_worst(ratios.timed(records)), [name for _, name in SIZES]
    parts = [text(16, 28, "clfilter and the fastest peer, by call and size", 18, weight="bold"),
             text(16, 48, about.split(";")[0], 12, fill="#555")]  # without the versions, for which there is no room
    parts += legend(LEFT - 90, 58)
    parts.append(text(16, TOP + 14, "worst ratio of a cell's rows; elements:", 12, fill="#555"))
    parts += [text(LEFT + CELL_WIDTH * (index + 0.5), TOP + 14, name if name == "more" else f"to {name}", 13, "middle",
                   weight="bold") for index, name in enumerate(sizes)]
    y, group = TOP + 24, None
    for (name, call), cells in table.items():
        if name != group:
            y, group = y + GROUP_GAP, name
            parts.append(text(16, y + 15, name, weight="bold"))
        parts.append(text(LEFT - 8, y + 15, call, anchor="end"))
        parts += [cell(LEFT + CELL_WIDTH * index, y, *cells[size]) for index, size in enumerate(sizes) if size in cells]
        y += CELL_HEIGHT
    width, height = LEFT + CELL_WIDTH * len(sizes) + 16, y + 16
    return (f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' "
            f"viewBox='0 0 {width} {height}' {FONT}>\n<rect width='100%' height='100%' fill='#fff'/>\n"
            + "\n".join(parts) + "\n</svg>\n")
