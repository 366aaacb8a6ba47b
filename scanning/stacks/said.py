"""Said: a sentence for the clerk, to be translated where it is shown."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """`text` is a msgid, `params` fill it."""

    text: str
    params: dict[str, str | int] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.params
