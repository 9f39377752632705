"""What a language model may propose for a question that the grammar cannot read, and what is accepted of it.

A proposal is slots, each with the words of the question that it rests on. ``accept`` makes a
QueryPlan of it only where the words bear every slot out; the model never writes SQL.
"""

from tools.query.propose.accept import Accepted, Refused, accept
from tools.query.propose.offer import Offer, offer
from tools.query.propose.slots import Proposal, Slot, proposal_schema

__all__ = ["Accepted", "Offer", "Proposal", "Refused", "Slot", "accept", "offer", "proposal_schema"]
