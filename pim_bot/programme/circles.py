"""Who may read a contribution: the one question that every list, message and form asks.

Private advice stays private: what belongs to a city is read by its team and its World Bank experts; coordinators see
that it is there, and in which part of the document.
"""

from datetime import date

from pim_bot.programme.contribution import Circle, Contribution
from pim_bot.programme.document import Document, DocumentKind
from pim_bot.programme.people import Actor, Member, RoleName
from pim_bot.programme.permissions import Action, Place, can


def place_of(document: Document) -> Place:
    """Tell what rights on a document are asked for."""
    return Place(edition=document.edition, networks=(document.network,), city=document.city)


def circle_of(document: Document) -> Circle:
    """Tell who reads what is newly added to a document: a MID is its city's, a PU the network's."""
    return Circle.CITY if document.kind is DocumentKind.MID else Circle.NETWORK


def may_read(member: Member, contribution: Contribution, day: date) -> bool:
    """Tell whether a member may read the words of a contribution on that day."""
    if member.id in contribution.own:
        return True
    if contribution.is_withheld:
        return False
    document = contribution.document
    if contribution.circle is Circle.PROGRAMME:
        place = Place(edition=document.edition)
    elif contribution.circle is Circle.NETWORK:
        place = Place(edition=document.edition, networks=(document.network,))
    elif city := document.city or next(iter(contribution.cities), ""):
        place = Place(edition=document.edition, networks=(document.network,), city=city)
    else:
        return False  # of a city that nobody named
    return can(Actor(door="circle", member=member), Action.SEE_CONTRIBUTION, place, day=day)


def may_know_of(member: Member, contribution: Contribution, day: date) -> bool:
    """Tell whether a member may know that a contribution is there, and in which part of the document."""
    coordinates = member.in_edition(contribution.document.edition).has_role(RoleName.COORDINATOR, day)
    return may_read(member, contribution, day) or (coordinates and not contribution.is_withheld)
