"""Reading a policy pack from YAML, with errors that name file, line and field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

if TYPE_CHECKING:
    from hardship.policy import Policy

DEFAULT_PACK = Path(__file__).resolve().parent.parent / "policies" / "cn.yml"

_FLOAT = "tag:yaml.org,2002:float"


class PolicyError(ValueError):
    """A pack cannot be used; each line of the message reads `file:line: field: what is wrong`."""


def load_policy(path: Path | str) -> Policy:
    """The pack at `path`; PolicyError when it cannot be read, is malformed or breaks a rule of its shape."""
    from hardship.policy import Policy

    file = Path(path)
    root = _compose(file)
    data = _plain(file, root)
    try:
        policy = Policy.parse_obj(data)
    except ValidationError as invalid:
        raise PolicyError(_explain(file, root, invalid)) from None
    _require_unique_ids(file, root)
    return policy


def load_policy_in_force(environment: Mapping[str, str]) -> Policy:
    """The pack in the file that RESPITE_POLICY names, else the Chinese one. Raises PolicyError as above."""
    return load_policy(environment.get("RESPITE_POLICY") or DEFAULT_PACK)


def _compose(file: Path) -> yaml.Node:
    try:
        node = yaml.compose(file.read_text(encoding="utf-8"), Loader=yaml.SafeLoader)
    except OSError as problem:
        raise PolicyError(f"{file}:0: file: {problem.strerror}") from None
    except UnicodeDecodeError:
        raise PolicyError(f"{file}:0: file: is not UTF-8 text") from None
    except yaml.YAMLError as problem:
        mark = getattr(problem, "problem_mark", None)
        line = mark.line + 1 if mark else 0
        raise PolicyError(f"{file}:{line}: yaml: {getattr(problem, 'problem', problem)}") from None
    if not isinstance(node, yaml.MappingNode):
        raise PolicyError(f"{file}:1: pack: must be a mapping of sections")
    return node


def _plain(file: Path, node: yaml.Node) -> Any:
    """The node as plain data; decimals stay text so that no binary float comes near a rate."""
    if isinstance(node, yaml.MappingNode):
        return _plain_mapping(file, node)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(file, item) for item in node.value]
    if node.tag == _FLOAT:
        return node.value
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, yaml.YAMLError):
        raise PolicyError(f"{file}:{_line(node)}: {node.value}: cannot be read") from None


def _plain_mapping(file: Path, node: yaml.MappingNode) -> dict[str, Any]:
    plain: dict[str, Any] = {}
    for key, value in node.value:
        if key.value in plain:
            raise PolicyError(f"{file}:{_line(key)}: {key.value}: is written twice")
        plain[key.value] = _plain(file, value)
    return plain


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _explain(file: Path, root: yaml.Node, invalid: ValidationError) -> str:
    lines = []
    for error in invalid.errors():
        path = [part for part in error["loc"] if part != "__root__"]
        field = ".".join(str(part) for part in path) or "pack"
        lines.append(f"{file}:{_line_of(root, path)}: {field}: {error['msg']}")
    return "\n".join(lines)


def _line_of(root: yaml.Node, path: list[int | str]) -> int:
    """The line of the deepest part of `path` that is written; a missing field points to its section."""
    node, line = root, 1
    for part in path:
        found = _child(node, part)
        if found is None:
            break
        node, line = found
    return line


def _child(node: yaml.Node, part: int | str) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(part):
                return value, _line(key)
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], _line(node.value[part])
    return None


def _require_unique_ids(file: Path, root: yaml.Node) -> None:
    """A clause id must lead to one rule, or a refusal would point to two."""
    seen: dict[str, int] = {}
    for node in _id_nodes(root):
        first = seen.setdefault(node.value, _line(node))
        if first != _line(node):
            raise PolicyError(f"{file}:{_line(node)}: id: {node.value} is already used on line {first}")


def _id_nodes(node: yaml.Node) -> Iterator[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == "id":
                yield value
            yield from _id_nodes(value)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _id_nodes(item)
