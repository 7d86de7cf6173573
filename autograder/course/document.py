"""A YAML file as plain data, with the line of each value."""

from __future__ import annotations

import dataclasses
import hashlib
import stat
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from autograder.course.problems import Place, Problem, course_error, printable
from autograder.course.syntax import syntax_problem

_TAG = "tag:yaml.org,2002:"
# Timestamps stay text: ruamel.yaml would convert them to UTC and drop the zone.
_TEXT_TAGS = (_TAG + "str", _TAG + "timestamp")
_VALUE_TAGS = {
    _TAG + "bool": "true or false",
    _TAG + "int": "a whole number",
    _TAG + "float": "a number",
}


@dataclasses.dataclass(frozen=True)
class Document:
    """A parsed YAML file.

    Attributes:
        sha256: Digest of its bytes, in hexadecimal.
        root: The parsed nodes, which have their lines.
        data: Plain mappings with text keys, lists and scalars.
        problems: What plain data cannot represent, such as duplicate keys and unknown tags.
        unreadable: Places without a value in `data`; `problems` says why.
    """

    sha256: str
    root: Node
    data: object
    problems: tuple[Problem, ...]
    unreadable: frozenset[Place]

    def node(self, place: Place) -> Node | None:
        """The value at a place; None if there is none."""
        node: Node | None = self.root
        for step in place:
            node = _children(node).get(step, (None, None))[1]
        return node

    def line(self, place: Place) -> int:
        """The line of a place's key, or of the nearest enclosing place; counted from 1."""
        line, node = _line(self.root), self.root
        for step in place:
            if step not in _children(node):
                break
            key, node = _children(node)[step]
            line = _line(key)
        return line

    def describe(self, place: Place) -> str:
        """The value at a place, for a message."""
        node = self.node(place)
        if isinstance(node, MappingNode):
            return "a mapping" if node.value else "an empty mapping"
        if isinstance(node, SequenceNode):
            return "a list" if node.value else "an empty list"
        if not isinstance(node, ScalarNode) or node.tag == _TAG + "null":
            return "nothing"
        if node.tag == _TAG + "str":
            return f'the text "{printable(node.value)}"' if node.value else "empty text"
        return printable(node.value)

    def is_bare(self, place: Place) -> bool:
        """Whether the value is a number or a boolean, which quotes would make text."""
        return getattr(self.node(place), "tag", None) in _VALUE_TAGS

    def is_quoted(self, place: Place) -> bool:
        """Whether quotes make the value text."""
        return getattr(self.node(place), "style", None) in ("'", '"')


def read_document(path: Path) -> Document:
    """Read a YAML file.

    Args:
        path: The course file.

    Returns:
        The document.

    Raises:
        CourseError: If it cannot be read or parsed, or is empty.
    """
    content = _read(path)
    text = _decode(path, content)
    yaml = YAML(typ="safe", pure=True)
    try:
        root = yaml.compose(text)
    except Exception as error:
        # Not only YAMLError: ruamel.yaml also raises ValueError and RecursionError.
        raise course_error(path, [syntax_problem(error, text, yaml.reader.line + 1)]) from error
    if root is None:
        raise course_error(
            path, [Problem("the file is empty; expected the course, beginning with its title", 1)]
        )
    converter = _Converter(yaml)
    data = converter.value(root, ())
    return Document(
        sha256=hashlib.sha256(content).hexdigest(),
        root=root,
        data=data,
        problems=tuple(converter.problems),
        unreadable=frozenset(converter.unreadable),
    )


def is_blank(path: Path) -> bool:
    """Whether a file has nothing but comments."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        return False  # reading it as a document says what is wrong
    return all(not line.strip() or line.lstrip().startswith("#") for line in lines)


def _read(path: Path) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISREG(mode):
            return path.read_bytes()
    except OSError as error:
        problem = Problem(f"cannot be read: {error.strerror}", tip=f"Check {path}.")
        raise course_error(path, [problem]) from error
    kind = "a folder" if stat.S_ISDIR(mode) else "not a regular file"
    problem = Problem(f"is {kind}; expected a text file", tip=f"Move {path} out of the way.")
    raise course_error(path, [problem])


def _decode(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        text = f"found the byte 0x{content[error.start]:02x}, which is not UTF-8"
        tip = f"Save {path} as UTF-8."
        raise course_error(path, [Problem(text, line, tip=tip)]) from error


class _Converter:
    """Converts nodes to plain data, and collects what cannot be converted."""

    def __init__(self, yaml: YAML) -> None:
        self._yaml = yaml
        # A node with aliases is converted once, so that nested aliases do not explode.
        self._values: dict[int, object] = {}
        self.problems: list[Problem] = []
        self.unreadable: list[Place] = []

    def value(self, node: Node, place: Place) -> object:
        """Plain data of a node and all below it."""
        if id(node) in self._values:
            return self._values[id(node)]
        if isinstance(node, MappingNode) and node.tag == _TAG + "map":
            return self._mapping(node, place)
        if isinstance(node, SequenceNode) and node.tag == _TAG + "seq":
            items = self._values[id(node)] = list[object]()
            items.extend(self.value(item, (*place, i)) for i, item in enumerate(node.value))
            return items
        scalar = self._values[id(node)] = self._scalar(node, place)
        return scalar

    def _mapping(self, node: MappingNode, place: Place) -> dict[str, object]:
        entries: dict[str, object] = {}
        self._values[id(node)] = entries
        first_lines: dict[str, int] = {}
        for key, value in node.value:
            line = _line(key)
            if not isinstance(key, ScalarNode):
                self.problems.append(
                    Problem("found a list or mapping as a key; expected a word", line, place)
                )
            elif key.value in entries:
                text = f"appears twice, on line {first_lines[key.value]} and on line {line}"
                problem = Problem(f"{text}; expected once", line, (*place, key.value))
                self.problems.append(problem)
            else:
                first_lines[key.value] = line
                entries[key.value] = self.value(value, (*place, key.value))
        return entries

    def _scalar(self, node: Node, place: Place) -> object:
        tag = str(node.tag)
        if tag in _TEXT_TAGS:
            return str(node.value)
        if tag == _TAG + "null":
            return None
        try:
            if tag in _VALUE_TAGS and isinstance(node, ScalarNode):
                return self._yaml.constructor.construct_object(node)
            text = f"found the tag {printable(tag.replace(_TAG, '!!'))}; expected no tag"
        except (ValueError, KeyError, IndexError):
            text = f'found "{printable(node.value)}", which cannot be read as {_VALUE_TAGS[tag]}'
        self.unreadable.append(place)
        self.problems.append(Problem(text, _line(node), place))
        return None


def _children(node: Node | None) -> dict[str | int, tuple[Node, Node]]:
    """By key or index: the node of a child's key (or the child itself), and the child."""
    if isinstance(node, SequenceNode):
        return {index: (item, item) for index, item in enumerate(node.value)}
    return dict(_pairs(node)) if isinstance(node, MappingNode) else {}


def _pairs(node: MappingNode) -> Iterator[tuple[str, tuple[Node, Node]]]:
    # Backwards, so that of two equal keys the first one wins.
    for key, value in reversed(node.value):
        if isinstance(key, ScalarNode):
            yield key.value, (key, value)


def _line(node: Node) -> int:
    return int(node.start_mark.line) + 1
