"""Every code that a complaint can have, read from the source of ``pipeline/``: nobody has to keep a list.

A code is what is given to the field ``code`` of a class that has one (Diagnostic, Fault, Finding, Complainer …). Where that
is a parameter, the callers are asked in turn.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

PIPELINE = Path(__file__).parents[1] / "pipeline"
_Function = ast.FunctionDef | ast.AsyncFunctionDef
#: A callable by its bare name, where its code stands (position, None: by name only; name), and what is put before it.
_Sink = tuple[str, int | None, str, str]


@dataclass(frozen=True)
class Found:
    """A code, and the modules that complain with it; or a place where nobody can tell which code it is."""

    codes: dict[str, frozenset[str]]
    unknown: tuple[str, ...]


def codes_in(root: Path = PIPELINE) -> Found:
    """The codes by module, relative to the folder."""
    modules = {
        path.relative_to(root).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(root.rglob("*.py"))
    }
    collector = _Collector(modules)
    pending = list(collector.records())
    seen = set(pending)
    while pending:
        for more in collector.follow(pending.pop()):
            if more not in seen:
                seen.add(more)
                pending.append(more)
    return Found(
        {code: frozenset(where) for code, where in sorted(collector.codes.items())}, tuple(sorted(collector.unknown))
    )


class _Collector:
    def __init__(self, modules: dict[str, ast.Module]) -> None:
        self.modules = modules
        self.codes: defaultdict[str, set[str]] = defaultdict(set)
        self.unknown: set[str] = set()
        self.calls: defaultdict[str, list[tuple[str, ast.Call, tuple[_Function, ...]]]] = defaultdict(list)
        self.classes: list[tuple[str, ast.ClassDef]] = []
        self.imports: defaultdict[str, list[ast.ImportFrom]] = defaultdict(list)
        self.defined: set[tuple[str, str]] = set()
        self.functions: defaultdict[str, dict[str, _Function]] = defaultdict(dict)
        for name, tree in modules.items():
            self._gather(name, tree, ())

    def _gather(self, module: str, node: ast.AST, within: tuple[_Function, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            match child:
                case ast.Call():
                    self.calls[_called(child)].append((module, child, within))
                case ast.ImportFrom():
                    self.imports[module].append(child)
                case ast.ClassDef(name=name):
                    self.classes.append((module, child))
                    self.defined.add((module, name))
                case ast.FunctionDef(name=name):
                    self.defined.add((module, name))
                    self.functions[module][name] = child
            inner = (*within, child) if isinstance(child, _Function) else within
            self._gather(module, child, inner)

    def records(self) -> Iterator[tuple[str, _Sink]]:
        """The constructors of classes with a field ``code``, each with the module that defines it."""
        for module, each in self.classes:
            lines = [one.target for one in each.body if isinstance(one, ast.AnnAssign)]
            fields = [one.id for one in lines if isinstance(one, ast.Name)]
            if "code" in fields and {"message", "path"} & set(fields):
                yield module, (each.name, fields.index("code"), "code", "")

    def follow(self, callee: tuple[str, _Sink]) -> Iterator[tuple[str, _Sink]]:
        """Gathers the codes of all calls; yields the callers that hand a parameter of theirs on."""
        home, (name, position, keyword, prefix) = callee
        for module, call, within in self.calls[name]:
            if self._means(module, name, home):
                given = _argument(call, position, keyword)
                if given is not None:
                    yield from self._codes_of(given, module, within, prefix)

    def _means(self, module: str, name: str, home: str) -> bool:
        """Whether a name in a module is the one that another module defines. Methods go with the module of their class."""
        target = "pipeline." + home.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        imports = self.imports[module]
        named = {(each.module, alias.name) for each in imports for alias in each.names}
        if module == home or (target, name) in named or tuple(target.rsplit(".", 1)) in named:
            return True
        elsewhere = any(other == name for _, other in named) or (module, name) in self.defined
        return not elsewhere and any(each.module == target for each in imports)

    def _codes_of(
        self, given: ast.expr, module: str, within: tuple[_Function, ...], prefix: str
    ) -> Iterator[tuple[str, _Sink]]:
        match given:
            case ast.Constant(value=str(code)):
                self.codes[prefix + code].add(module)
            case ast.IfExp(body=one, orelse=other):
                yield from self._codes_of(one, module, within, prefix)
                yield from self._codes_of(other, module, within, prefix)
            case ast.Attribute(attr="code"):
                pass  # of a value that has one: its constructor was asked
            case ast.JoinedStr(values=[ast.Constant(value=str(begin)), ast.FormattedValue(value=ast.Name() as rest)]):
                yield from self._codes_of(rest, module, within, prefix + begin)
            case ast.Name(id=name):
                yield from self._named(name, given, module, within, prefix)
            case _:
                self.unknown.add(f"{module}:{given.lineno}: {ast.unparse(given)}")

    def _named(
        self, name: str, given: ast.expr, module: str, within: tuple[_Function, ...], prefix: str
    ) -> Iterator[tuple[str, _Sink]]:
        for function in reversed(within):
            values = list(_assigned(name, function, self.functions[module]))
            for value in values:
                yield from self._codes_of(value, module, within, prefix)
            arguments = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
            if name in arguments:
                method = bool(arguments) and arguments[0] in ("self", "cls")
                yield module, (function.name, arguments.index(name) - method, name, prefix)
            elif name in [each.arg for each in function.args.kwonlyargs]:
                yield module, (function.name, None, name, prefix)
            elif not values:
                continue
            return
        constants = list(_assigned(name, self.modules[module], self.functions[module]))
        if not constants:
            self.unknown.add(f"{module}:{given.lineno}: {name}")
        for value in constants:
            yield from self._codes_of(value, module, (), prefix)


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _argument(call: ast.Call, position: int | None, keyword: str) -> ast.expr | None:
    named = next((each.value for each in call.keywords if each.arg == keyword), None)
    if named is not None or position is None or position >= len(call.args):
        return named
    return call.args[position]


def _assigned(name: str, scope: ast.AST, functions: Mapping[str, _Function]) -> Iterator[ast.expr]:
    """What a name stands for in a function or module: assignments, loops over literals and over generators of the module."""
    for node in ast.walk(scope):
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    yield from _bound(name, target, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value) | ast.NamedExpr(target=target, value=value):
                yield from _bound(name, target, value)
            case ast.For(target=target, iter=source) | ast.comprehension(target=target, iter=source):
                for value in _elements(source, functions):
                    yield from _bound(name, target, value)


def _elements(source: ast.expr, functions: Mapping[str, _Function]) -> Iterator[ast.expr]:
    match source:
        case ast.Tuple(elts=values) | ast.List(elts=values):
            yield from values
        case ast.Call(func=ast.Name(id=name)) if name in functions:
            for each in ast.walk(functions[name]):
                if isinstance(each, ast.Yield) and each.value is not None:
                    yield each.value


def _bound(name: str, target: ast.expr, value: ast.expr) -> Iterator[ast.expr]:
    match target, value:
        case ast.Name(id=bound), _ if bound == name:
            yield value
        case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
            for one, other in zip(targets, values, strict=True):
                yield from _bound(name, one, other)
