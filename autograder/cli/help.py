"""How `--help` looks: whole sentences for commands, no Python types for arguments."""

from __future__ import annotations

from typing import Any

from typer.core import TyperCommand, TyperGroup


class Command(TyperCommand):
    """A command whose arguments are shown as they are typed.

    typer would add braces and types, such as `{ASSIGNMENT}` and `ASSIGNMENT <list[str]>`. The types
    of contexts and formatters are private to typer.
    """

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The parts of the usage line."""
        return [
            piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)
        ]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        """Write the lists of arguments and options."""
        rows: dict[str, list[tuple[str, str]]] = {"argument": [], "option": []}
        for parameter in self.get_params(ctx):
            record = parameter.get_help_record(ctx)
            if record is not None:
                rows[parameter.param_type_name].append(record)
        rows["argument"] = [(name.partition(" <")[0], text) for name, text in rows["argument"]]
        for kind, kind_rows in rows.items():
            if kind_rows:
                with formatter.section(f"{kind.capitalize()}s"):
                    formatter.write_dl(kind_rows)


class Commands(TyperGroup):
    """A group that lists its commands by section, in whole sentences; typer would cut them off."""

    def format_commands(self, ctx: object, formatter: Any) -> None:  # noqa: ARG002 - as in typer
        """Write the lists of commands: a section for each `rich_help_panel`, in order."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for name, command in self.commands.items():
            panel = getattr(command, "rich_help_panel", None)
            title = panel if isinstance(panel, str) else "Commands"
            sections.setdefault(title, []).append((name, command.help or ""))
        for title, rows in sections.items():
            with formatter.section(title):
                formatter.write_dl(rows)
