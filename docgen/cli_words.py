"""The command line speaks Vietnamese: help pages and wrong use. What the commands do is not known here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


class WrongUse(click.UsageError):
    """Wrong use in our own (Vietnamese) words; exit code 2."""


class Command(click.Command):
    """A command whose help page is Vietnamese."""

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **{"options_metavar": "[LỰA CHỌN]", **settings})

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Cách dùng:` and the pieces of the command."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Các lựa chọn`."""
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help` with Vietnamese help."""
        return _help_option(super().get_help_option(ctx))


class Group(click.Group):
    """The command `docgen`: its commands in the order in which they are used, its help page in Vietnamese."""

    command_class = Command

    def __init__(self, *args: Any, **settings: Any) -> None:
        words = {"options_metavar": "", "subcommand_metavar": "LỆNH …"}
        super().__init__(*args, **{**words, **settings})

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - the signature is click's
        """In the order in which they are declared."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own, but an unknown command is told in Vietnamese."""
        if args and not args[0].startswith("-") and args[0] not in self.commands:
            raise WrongUse(f"Không có lệnh «{args[0]}». Các lệnh: {', '.join(self.commands)}.", ctx)
        return super().resolve_command(ctx, args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Cách dùng:` and the pieces of the command."""
        _write_usage(self, ctx, formatter)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """`Các lệnh` before `Các lựa chọn`."""
        rows = [(name, command.get_short_help_str(90)) for name, command in self.commands.items()]
        with formatter.section("Các lệnh"):
            formatter.write_dl(rows)
        _write_options(self, ctx, formatter)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """`--help` with Vietnamese help."""
        return _help_option(super().get_help_option(ctx))


def wrong_use(error: click.ClickException) -> str:
    """What was wrong with the command line, in one or two Vietnamese sentences."""
    match error:
        case WrongUse():
            told = error.message
        case click.MissingParameter(param=click.Parameter() as param):
            told = f"Thiếu {_called(param)}."
        case click.NoSuchOption():
            told = f"Không có lựa chọn «{error.option_name}».{_guesses(error.possibilities)}"
        case click.BadOptionUsage():
            told = f"Lựa chọn «{error.option_name}» viết chưa đúng: thiếu giá trị, hoặc có giá trị thừa."
        case click.BadParameter(param=click.Parameter() as param):
            told = f"Giá trị của {_called(param)} chưa đúng.{_allowed(param)}"
        case _:
            told = "Dòng lệnh có phần thừa hoặc viết chưa đúng."
    context = error.ctx if isinstance(error, click.UsageError) else None
    return f"{told}\nXem cách dùng: {context.command_path if context else 'docgen'} --help"


def _called(param: click.Parameter) -> str:
    return f"lựa chọn «{param.opts[0]}»" if isinstance(param, click.Option) else f"phần {param.human_readable_name}"


def _guesses(possibilities: Sequence[str] | None) -> str:
    return f" Có phải là {' hoặc '.join(possibilities)}?" if possibilities else ""


def _allowed(param: click.Parameter) -> str:
    match param.type:
        case click.Choice(choices=choices):
            return f" Chọn một trong: {', '.join(str(choice) for choice in choices)}."
        case click.IntRange(min=low, max=high):
            return f" Viết một số từ {low} đến {high}."
        case _:
            return ""


def _write_usage(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    pieces = [piece for piece in command.collect_usage_pieces(ctx) if piece]
    formatter.write_usage(ctx.command_path, " ".join(pieces), prefix="Cách dùng: ")


def _write_options(command: click.Command, ctx: click.Context, formatter: click.HelpFormatter) -> None:
    """The names as click writes them, the help as we do: without its English remarks (`required`, ranges)."""
    options = [param for param in command.get_params(ctx) if isinstance(param, click.Option)]
    records = [(option.get_help_record(ctx), option.help or "") for option in options]
    with formatter.section("Các lựa chọn"):
        formatter.write_dl([(record[0], told) for record, told in records if record is not None])


def _help_option(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = "In phần hướng dẫn này."
    return option
