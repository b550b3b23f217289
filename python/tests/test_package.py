# SPDX-License-Identifier: Apache-2.0
"""The package against the library: nothing of the C interface is out of reach, and everything public is documented."""

import inspect
import pathlib
import re

import clfilter
import pytest
from clfilter import _clfilter, _errors

OPERATIONS = [name for name in clfilter.__all__ if hasattr(getattr(clfilter, name), "prepare")]
HEADERS = pathlib.Path(__file__).parents[2] / "include" / "clfilter"


def header(name):
    """The text of a header; the tests may run from outside the tree."""
    if not (HEADERS / name).is_file():
        pytest.skip("the headers are not beside the tests")
    return (HEADERS / name).read_text()


def test_every_status_has_its_class():
    assert set(_clfilter.statuses()) - {"CLF_OK"} == set(_errors.classes)
    for each in _errors.classes.values():
        assert getattr(clfilter, each.__name__) is each
        builtin = [base for base in each.__mro__ if base.__module__ == "builtins"][0]
        assert builtin not in (Exception, BaseException, object), each


def test_every_planner_is_an_operation():
    found = set()
    for path in HEADERS.glob("*.h") if HEADERS.is_dir() else pytest.skip("the headers are not beside the tests"):
        found |= set(re.findall(r"clf_plan_(\w+)\(clf_context \*context, const clf_\w+_desc", path.read_text()))
    assert found == set(_clfilter.operations())


@pytest.mark.parametrize("operation", list(_clfilter.operations()))
def test_every_field_of_a_descriptor_is_in_its_table(operation):
    desc = operation.removesuffix("_weights") if operation.endswith("_weights") else operation
    desc = "convolve" if re.match("(convolve|correlate)", desc) else desc
    text = "".join(header(path.name) for path in HEADERS.glob("*.h")) if HEADERS.is_dir() else header("none")
    body = re.search(rf"typedef struct clf_{desc}_desc {{(.*?)}} clf_{desc}_desc;", text, re.S).group(1)
    body = re.sub(r"/\*.*?\*/", "", body, flags=re.S)
    fields = []
    for declaration in body.split(";"):
        names = re.sub(r"\[.*?\]", "", declaration).strip()
        if names:
            fields += [name.split()[-1] for name in names.split(",")]
    assert set(fields) - {"options"} == set(_clfilter.operations()[operation])


def test_the_version_is_the_library_s():
    assert clfilter.__version__ == re.search(r'CLF_VERSION_STRING "(.*)"', header("version.h")).group(1)


@pytest.mark.parametrize("name", OPERATIONS)
def test_every_operation_is_documented(name):
    function = getattr(clfilter, name)
    text = inspect.getdoc(function)
    sections = re.findall(r"^(Parameters|Returns|Raises|Examples)\n-+$", text, re.M)
    assert sections == ["Parameters", "Returns", "Raises", "Examples"]
    described = re.split(r"^(?:Parameters|Returns)\n-+$", text, flags=re.M)[1]
    words = set(re.findall(r"[\w*]+", "\n".join(re.findall(r"^(\S.*?)(?: : .*)?$", described, re.M))))
    for parameter in inspect.signature(function).parameters.values():
        known = "**how" if parameter.kind is parameter.VAR_KEYWORD else parameter.name
        assert known in words, f"{name} does not describe {known}"


def test_all_that_is_public_is_there():
    for name in clfilter.__all__:
        assert hasattr(clfilter, name), name
    # Each planner is reached by at least one function, as the tests of the operations show; these have two or three.
    others = {"gradient_magnitude", "harris", "phase_correlation", "lstsq"}
    assert len(OPERATIONS) == len(_clfilter.operations()) + len(others)


def test_the_lines_of_the_readme_run():
    path = pathlib.Path(__file__).parents[2] / "README.md"
    if not path.is_file():
        pytest.skip("the README is not beside the tests")
    blocks = re.findall(r"```python\n(.*?)```", path.read_text(), re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, str(path), "exec"), {})
