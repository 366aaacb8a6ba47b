"""The archive's part of the command line."""

import click

from archive.commands import exchange, house

COMMANDS: tuple[click.Command, ...] = (*house.COMMANDS, *exchange.COMMANDS)
