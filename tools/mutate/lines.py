# SPDX-License-Identifier: Apache-2.0
"""Finds the lines of a C or OpenCL C file that decide results. It relies on the project's layout (.clang-format):
a function begins at the left margin and ends with a brace there."""
import re

# Calls that only report or log, and lines that release, lock or do nothing: tests of results cannot miss them.
REPORTS = re.compile(r"\b(clf_fail(_\w+)?|clf_error_set|clf_log|clf_line_fail|cli_fail|cli_misuse|filter_fail)\s*\(")
WITHOUT_RESULT = re.compile(
    r"^\s*((if \([^()]*\)\s*)?(free|pthread_\w+|clRelease\w+|fclose|fflush)\(|\(void\)"
    r"|clf_text_add\(&plan->description|return;|break;|default:|goto |do \{)")
NOT_FUNCTIONS = {"__attribute__", "aligned", "format", "reqd_work_group_size", "vec_type_hint", "defined"}
WORDS = re.compile(r"[A-Za-z_]\w*")
TYPE_ALONE = re.compile(
    r"^\s*(?!return\b|else\b|goto\b)((const|static|unsigned|struct|volatile|local|global|constant|private)\s+)*"
    r"\w+[\s*]+(restrict\s+|const\s+)*\w+(\[[^=;]*\])*(,\s*\**\w+(\[[^=;]*\])*)*[;,]\s*$")


def without_comments(text):
    """The text with its comments replaced by spaces. Line numbers and strings stay the same."""
    pattern = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|/\*.*?\*/|//[^\n]*', re.S)

    def blank(match):
        found = match.group(0)
        return found if found[0] in "\"'" else re.sub(r"[^\n]", " ", found)

    return pattern.sub(blank, text)


def without_strings(line):
    return re.sub(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'', '""', line)


def normal(text):
    """The tokens of the text: texts that differ only in white space or comments are equal."""
    return " ".join(re.findall(r'"(?:\\.|[^"\\])*"|\w+|[^\w\s]', without_comments(text)))


class Line:
    """A line that may be mutated: its number from 1, its text without comment and line end, and the function, table or
    macro it belongs to."""

    def __init__(self, number, text, where, continued):
        self.number, self.text, self.where, self.continued = number, text, where, continued

    def report_column(self):
        """Where the part that matters ends: at a call that only reports."""
        found = REPORTS.search(self.text)
        return found.start() if found else len(self.text)


class Reader:
    """Reads a file line by line and keeps track of where it is."""

    def __init__(self, path, text):
        self.kernel, self.header = path.endswith(".cl"), path.endswith(".h")
        self.raw = text.split("\n")
        self.clean = without_comments(text).split("\n")
        self.found = []
        self.depth = 0        # of braces
        self.head = ""        # text at depth 0 since the last statement ended
        self.where = None     # function, table or macro
        self.conditions = []  # of the preprocessor
        self.report = 0       # open parentheses of a call that only reports
        self.macro = None

    def lines(self):
        for number, text in enumerate(self.clean, 1):
            self.take(number, text.rstrip())
        return self.found

    def take(self, number, text):
        continued = text.endswith("\\")
        body = text[:-1].rstrip() if continued else text
        if self.macro is not None or text.lstrip().startswith("#"):
            self.directive(number, body, continued)
        else:
            self.code(number, body)

    def directive(self, number, body, continued):
        words = body.split()
        if self.macro is None:
            name = words[0] if words[0] != "#" else "#" + words[1]
            if name.startswith("#if"):
                self.conditions.append(name)
            elif name == "#endif" and self.conditions:
                self.conditions.pop()
            self.macro = ""
            match = re.match(r"\s*#\s*define\s+(\w+)(\([^)]*\))?(.*)", body)
            if match:
                self.macro = match.group(1)
                body = body if match.group(3).strip() else ""
        # A definition inside #ifndef is a default that the library overrides; in a header the outermost is a guard.
        default = "#ifndef" in self.conditions[0 if self.kernel else 1:]
        if self.macro and not default:
            self.add(number, body, self.macro, continued)
        if not continued:
            self.macro = None

    def code(self, number, body):
        inside = self.depth > 0 and self.where is not None
        if inside and self.report == 0:
            self.add(number, body, self.where, False)
        plain = without_strings(body)
        self.count_report(plain)
        for token in re.findall(r"[{};]|[^{};]+", plain):
            if token == "{":
                if self.depth == 0:
                    self.where = self.owner()
                self.depth += 1
            elif token == "}":
                self.depth -= 1
                if self.depth == 0:
                    self.head, self.where = "", None
            elif token == ";" and self.depth == 0:
                self.head = ""
            elif self.depth == 0:
                self.head += " " + token
        # The first line of a table.
        if not inside and (self.where or "{" in plain) and "=" in plain and "{" in plain:
            self.add(number, body, self.where or self.table_name(plain), False)

    def owner(self):
        """The name of the function or table whose brace opens at depth 0; None for a type."""
        if "=" in self.head:
            return self.table_name(self.head)
        names = [n for n in re.findall(r"([A-Za-z_]\w*)\s*\(", self.head) if n not in NOT_FUNCTIONS]
        if names and not re.search(r"\btypedef\b", self.head):
            return names[0]
        return "enum" if re.search(r"\benum\b", self.head) and not self.head.lstrip().startswith("typedef") else None

    @staticmethod
    def table_name(text):
        match = re.search(r"(\w+)\s*(\[[^=]*\])*\s*=", text)
        return match.group(1) if match else None

    def count_report(self, plain):
        """Updates how many parentheses of a reporting call are open."""
        at = 0
        if self.report == 0:
            call = REPORTS.search(plain)
            if not call:
                return
            at = call.end()
            self.report = 1
        for character in plain[at:]:
            self.report += {"(": 1, ")": -1}.get(character, 0)
            if self.report == 0:
                return

    def add(self, number, body, where, continued):
        plain = without_strings(body)
        if not re.search(r"\w", plain.replace("else", "", 1) if plain.strip() == "else" else plain):
            return
        # Everything that includes a header agrees on its constants: array sizes, places in a table.
        if (where == "enum" or re.search(r"\benum\b.*\{", plain)) and (self.header or "=" not in plain):
            return
        if WITHOUT_RESULT.search(body) or TYPE_ALONE.match(body) or re.match(r"^\s*(case \w+|\w+)\s*:$", body):
            return
        line = Line(number, body, where, continued)
        if body[:line.report_column()].strip() in ("", "return") and not body.rstrip().endswith(";"):
            return
        self.found.append(line)


def read(path, text):
    return Reader(path, text).lines()
