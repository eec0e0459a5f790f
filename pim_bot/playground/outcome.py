"""What came of something that a person did."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pim_bot.playground.elements import label_of
from pim_bot.playground.model import Json, Message
from pim_bot.playground.transport import Answer
from pim_bot.playground.views import View


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """The app's answer, and what Slack made of it."""

    answer: Answer
    message: Message | None = None
    """The message that the answer itself became (a slash command's)."""
    errors: Mapping[str, str] = field(default_factory=dict)
    """block_id → the sentence that the app's answer puts at the field."""
    withheld: Mapping[str, str] = field(default_factory=dict)
    """block_id → why Slack did not even send the form (required, too_long, email …)."""
    options: tuple[Json, ...] = ()
    """What the app suggested for an external select."""
    view: View | None = None
    """The form that was submitted."""

    @property
    def error(self) -> str | None:
        """What Slack tells the person if the app failed: operation_timeout, dispatch_failed."""
        return self.answer.error

    @property
    def ok(self) -> bool:
        """Whether the app answered in time, and Slack took its answer and had no field to complain of."""
        return self.answer.ok and not self.errors and not self.withheld

    @property
    def text(self) -> str:
        """The answered text."""
        return self.message.text if self.message is not None else ""

    @property
    def blocks(self) -> list[Json]:
        """The answered blocks."""
        return self.message.blocks if self.message is not None else []

    @property
    def errors_by_label(self) -> dict[str, str]:
        """The same errors under the labels that a person sees."""
        labels = {block["block_id"]: label_of(block) for block in self.view.blocks} if self.view else {}
        return {labels.get(block_id, block_id): sentence for block_id, sentence in self.errors.items()}
