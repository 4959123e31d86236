"""Mutants of a source text: the same program with one comparison, sum, condition, constant or return changed.

What is no rule is left alone: docstrings, annotations, decorators, and what only a type checker reads.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Lt: (ast.LtE, ast.NotEq, ast.GtE),
    ast.LtE: (ast.Lt, ast.Eq, ast.Gt),
    ast.Gt: (ast.GtE, ast.NotEq, ast.LtE),
    ast.GtE: (ast.Gt, ast.Eq, ast.Lt),
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_NO_RULE = {"annotation", "returns", "decorator_list"}  # fields of a node
Scoped = tuple[ast.AST, str, int | None, ast.AST]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed source text; `name` says where and what was changed, once in its file, and outlives moved lines."""

    name: str
    line: int
    source: str


def mutants_of(source: str) -> Iterator[Mutant]:
    """Every mutant of a source text, in the order of its lines."""
    tree = ast.parse(source)
    met: Counter[str] = Counter()
    for scope, (parent, field, index, node) in list(_nodes(tree, "")):
        for mutated in _changes(node, field):
            name = f"{scope}: {ast.unparse(node)} -> {ast.unparse(mutated)}".replace("\n", " ")
            met[name] += 1
            _put(parent, field, index, ast.copy_location(mutated, node))
            text = ast.unparse(ast.fix_missing_locations(tree))
            _put(parent, field, index, node)
            yield Mutant(f"{name} #{met[name]}" if met[name] > 1 else name, getattr(node, "lineno", 0), text)


def _nodes(parent: ast.AST, scope: str) -> Iterator[tuple[str, Scoped]]:
    """Every node that holds a rule, with the names of the function and class around it and its place in its parent."""
    for field, value in ast.iter_fields(parent):
        if field in _NO_RULE:
            continue
        for index, node in enumerate(value if isinstance(value, list) else [value]):
            if not isinstance(node, ast.AST) or _is_talk(node):
                continue
            yield scope, (parent, field, index if isinstance(value, list) else None, node)
            inner = f"{scope}.{node.name}" if isinstance(node, ast.FunctionDef | ast.ClassDef) else scope
            yield from _nodes(node, inner.removeprefix("."))


def _is_talk(node: ast.AST) -> bool:
    """Whether a node is a docstring, or stands there for a type checker alone."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Subscript(value=ast.Name(id="Literal")) | ast.FormattedValue() | ast.Import() | ast.ImportFrom():
            return True
    return False


def _put(parent: ast.AST, field: str, index: int | None, node: ast.AST) -> None:
    if index is None:
        setattr(parent, field, node)
    else:
        getattr(parent, field)[index] = node


def _changes(node: ast.AST, field: str) -> Iterator[ast.AST]:
    """What may stand in place of a node."""
    match node:
        case ast.Compare():
            yield from _other_comparisons(node)
        case ast.BoolOp() | ast.BinOp() | ast.AugAssign() | ast.UnaryOp():
            yield from _other_operations(node)
        case ast.Constant(value=value):
            yield from map(ast.Constant, _other_constants(value))
        case ast.stmt():
            yield from _other_statements(node)
    if field in {"test", "ifs"} and not isinstance(node, ast.Constant):
        yield ast.Constant(value=True)
        yield ast.Constant(value=False)


def _other_comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    for place, operator in enumerate(node.ops):
        for other in _COMPARISONS[type(operator)]:
            operators = [*node.ops[:place], other(), *node.ops[place + 1 :]]
            yield ast.Compare(node.left, operators, node.comparators)


def _other_operations(node: ast.BoolOp | ast.BinOp | ast.AugAssign | ast.UnaryOp) -> Iterator[ast.AST]:
    match node:
        case ast.BoolOp(op=operator, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(operator, ast.And) else ast.And(), values)
        case ast.BinOp(op=operator) if type(operator) in _ARITHMETIC:
            yield ast.BinOp(node.left, _ARITHMETIC[type(operator)](), node.right)
        case ast.AugAssign(op=operator) if type(operator) in _ARITHMETIC:
            yield ast.AugAssign(node.target, _ARITHMETIC[type(operator)](), node.value)
        case ast.UnaryOp(op=ast.Not() | ast.USub(), operand=operand):
            yield operand


def _other_constants(value: object) -> Iterator[str | int | float]:
    match value:
        case bool():
            yield not value
        case int():
            yield value + 1
            yield value - 1
        case float():
            yield value * 2
        case str():
            yield value[1:] if value else "XX"


def _other_statements(node: ast.stmt) -> Iterator[ast.stmt]:
    match node:
        case ast.Return(value=ast.Constant(value=None) | None):
            return
        case ast.Return():
            yield ast.Return(ast.Constant(None))
        case ast.Raise():
            yield ast.Pass()
        case ast.Continue():
            yield ast.Break()
        case ast.Break():
            yield ast.Continue()
