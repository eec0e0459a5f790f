"""What makes two dated entries the same thing at other times."""

from pim_bot.programme.edition import Guardianship, Membership, PersonRole


def membership_key(membership: Membership) -> tuple[str]:
    """Tell which city of a network it is."""
    return (membership.city,)


def guardianship_key(guardianship: Guardianship) -> tuple[str, str]:
    """Tell which institution, and which person of it, looks after a network."""
    return guardianship.institution, guardianship.person


def role_key(role: PersonRole) -> tuple[str, str, str, str]:
    """Tell what a person is, and where."""
    return role.role, role.network, role.city, role.institution


def contact_key(role: PersonRole) -> tuple[str]:
    """Tell whose duties a contact owns."""
    return (role.city,)
