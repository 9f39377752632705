"""Research plans in conversation: what a draft question asks for, what is found for it, how it is written."""

from assistant.drafting.gather import gather_draft
from assistant.drafting.request import DraftRequest, read_request
from assistant.drafting.say import say_draft

__all__ = ["DraftRequest", "gather_draft", "read_request", "say_draft"]
