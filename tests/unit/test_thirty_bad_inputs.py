"""The thirty bad inputs that the bot has to bear, each with the tests that throw it; and those tested nowhere else.

Expected of each: no 5xx, no traceback, a sentence for people, and nothing half-written.
"""

import ast
from pathlib import Path

import pytest

from pim_bot.i18n import language_of

TESTS = Path(__file__).parents[1]
BAD, DOORS, AGAIN = (
    "integration/test_bad_input.py",
    "integration/test_doors.py",
    "integration/test_same_request_again.py",
)
ANY, FAULTS, LINKS = "unit/test_any_data.py", "integration/test_delivery_faults.py", "integration/test_participants.py"
LEGAL = f"{ANY}::test_whatever_the_data_it_is_legal_and_harmless"

THROWN: dict[str, tuple[str, ...]] = {
    "1. a name of 40,001 signs": (
        f"{BAD}::test_values_that_no_form_offers_are_refused_in_words",
        f"{BAD}::test_text_of_40000_characters_is_refused_or_cut_wherever_it_can_be_typed",
        LEGAL,
    ),
    "2. 3,000 × &": (f"{BAD}::test_a_form_that_cannot_be_saved_names_every_field_and_leaves_no_trace", LEGAL),
    "3. mentions in title, place, note": (
        f"{BAD}::test_mentions_and_links_of_strangers_are_harmless_in_everything_the_bot_says",
        LEGAL,
    ),
    "4. a link under another's name": (
        f"{BAD}::test_mentions_and_links_of_strangers_are_harmless_in_everything_the_bot_says",
        f"{BAD}::test_the_link_of_a_meeting_shows_where_it_leads",
    ),
    "5. direction marks, a name like a file's; Arabic and Polish": (
        f"{BAD}::test_of_a_title_what_can_be_read_is_kept",
        f"{ANY}::test_what_nobody_can_see_or_read_is_not_said_and_nothing_is_said_as_a_dash",
    ),
    "6. NUL": (
        f"{BAD}::test_of_a_title_what_can_be_read_is_kept",
        f"{BAD}::test_text_of_40000_characters_is_refused_or_cut_wherever_it_can_be_typed",
        f"{DOORS}::test_garbage_that_is_signed_is_parked_or_refused_without_a_traceback",
    ),
    "7. a lone surrogate": (f"{BAD}::test_of_a_title_what_can_be_read_is_kept",),
    "8. joined emoji in the label of a choice": (f"{BAD}::test_of_a_title_what_can_be_read_is_kept", LEGAL),
    "9. 200 combining marks": (f"{BAD}::test_of_a_title_what_can_be_read_is_kept", LEGAL),
    "10. empty, spaces, invisible signs": (
        f"{BAD}::test_an_empty_title_is_not_even_sent",
        f"{BAD}::test_a_title_of_invisible_signs_alone_is_empty",
        f"{BAD}::test_an_answer_that_is_none_is_refused_in_words",
    ),
    "11. 101 and 10,000 choices, a query of 1,000 signs": (
        f"{BAD}::test_a_city_is_found_however_it_is_typed",
        LEGAL,
    ),
    "12. 60 items in one message": (LEGAL,),
    "13. one action_id or block_id twice": (LEGAL,),
    "14. one signed request three times": (
        f"{AGAIN}::test_a_command_delivered_five_times_opens_one_form",
        f"{AGAIN}::test_a_submission_delivered_five_times_is_one_activity",
        f"{AGAIN}::test_a_click_delivered_five_times_is_one_answer",
        f"{AGAIN}::test_an_event_delivered_five_times_is_one_event",
    ),
    "15. a timestamp that is old, ahead, no number": (
        f"{DOORS}::test_whoever_has_no_signature_learns_nothing_and_reaches_nothing",
        f"{DOORS}::test_a_signature_five_minutes_old_is_just_good_enough",
    ),
    "16. a signature that is missing, short, not ASCII": (
        f"{DOORS}::test_whoever_has_no_signature_learns_nothing_and_reaches_nothing",
    ),
    "17. a body that is none": (
        f"{DOORS}::test_garbage_that_is_signed_is_parked_or_refused_without_a_traceback",
        f"{DOORS}::test_a_body_that_is_too_long_is_refused_before_the_database",
        "doors/test_fuzz.py::test_no_input_breaks_a_door",
    ),
    "18. a forged user in a value or in metadata": (f"{DOORS}::test_only_the_signed_envelope_says_who_acts",),
    "19. an unknown action, an action from another workspace": (
        f"{DOORS}::test_a_button_of_an_old_message_is_answered_in_words",
        f"{DOORS}::test_an_unknown_form_is_answered_in_words",
        f"{DOORS}::test_a_name_in_another_workspace_is_another_person",
    ),
    "20. a double click, a triple submission": (
        f"{AGAIN}::test_a_click_delivered_five_times_is_one_answer",
        f"{AGAIN}::test_a_submission_sent_five_times_at_once_is_one_activity",
    ),
    "21. two decisions at once": (
        f"{AGAIN}::test_two_planners_who_move_one_activity_at_once_do_not_overwrite_each_other",
        f"{AGAIN}::test_of_two_people_of_one_team_at_once_one_answer_stands_everywhere",
        "integration/test_at_once.py::test_one_expert_is_not_booked_twice_for_the_same_days",
    ),
    "22. a click on a message whose thing is gone": (
        f"{AGAIN}::test_after_the_start_and_after_a_cancellation_every_answer_is_refused_in_words",
        f"{DOORS}::test_a_button_of_an_old_message_is_answered_in_words",
    ),
    "23. a channel that is deleted, archived, closed to the bot": (
        f"{FAULTS}::test_a_closed_channel_is_told_to_the_coordinator_once_a_day_and_cause",
        f"{FAULTS}::test_a_channel_that_could_not_be_seen_gets_what_waited_once_the_bot_is_invited",
    ),
    "24. a person who is deactivated, a guest, a stranger, a bot": (
        f"{FAULTS}::test_a_deactivated_person_is_told_to_the_coordinator_and_not_tried_again",
        f"{BAD}::test_whoever_the_programme_does_not_know_is_told_so_and_changes_nothing",
        "doors/test_matrix.py::test_events_of_strangers_change_nothing_of_the_programme",
        "doors/test_matrix.py::test_what_no_person_writes_leaves_no_trace",
    ),
    "25. an hour that is skipped, an hour that comes twice": (
        f"{BAD}::test_a_form_that_cannot_be_saved_names_every_field_and_leaves_no_trace",
        f"{BAD}::test_a_doubled_hour_asks_which_one_and_keeps_everything_typed",
        f"{BAD}::test_both_ends_of_a_span_may_be_doubled",
    ),
    "26. a date that is past, is none, is in the year 1 or 9999": (
        f"{BAD}::test_a_form_that_cannot_be_saved_names_every_field_and_leaves_no_trace",
        f"{BAD}::test_an_assignment_that_cannot_be_is_refused_in_words",
    ),
    "27. an end before the start, no length, 400 days": (
        f"{BAD}::test_a_form_that_cannot_be_saved_names_every_field_and_leaves_no_trace",
        f"{BAD}::test_a_move_to_an_impossible_time_is_refused_in_words",
    ),
    "28. a city that is none, without its marks, of two with one name, '; DROP": (
        f"{BAD}::test_a_city_is_found_however_it_is_typed",
        f"{BAD}::test_a_name_that_is_none_is_answered_with_the_nearest_names",
        "programme/test_names.py::test_what_fits_two_names_fits_none",
    ),
    "29. a person without a zone, with a language we do not speak": (
        "unit/test_thirty_bad_inputs.py::test_whoever_speaks_neither_language_reads_polish",
    ),
    "30. a link fetched by a crawler, used twice, by another, late; an address that leads inside": (
        f"{LINKS}::test_the_link_gives_the_list_once",
        f"{LINKS}::test_a_link_is_of_no_use_later_elsewhere_or_to_whoever_lost_the_right",
        "clients/test_egress.py::test_what_is_not_slack_is_refused_before_anything_is_asked",
        "clients/test_egress.py::test_a_name_that_leads_into_the_inner_network_is_refused",
    ),
}


def names_in(path: str) -> set[str]:
    """Tell the tests of a module."""
    tree = ast.parse((TESTS / path).read_text())
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


def test_there_are_thirty() -> None:
    assert [int(one.split(".")[0]) for one in THROWN] == list(range(1, 31))


@pytest.mark.parametrize("what", THROWN)
def test_each_is_thrown_by_tests_that_exist(what: str) -> None:
    assert [one for one in THROWN[what] if one.split("::")[1] not in names_in(one.split("::")[0])] == []


@pytest.mark.parametrize("locale", ["ar", "ar-EG", "", "x", "de-DE", "pl-PL", "\x00"])
def test_whoever_speaks_neither_language_reads_polish(locale: str) -> None:
    assert language_of(locale) == "pl"
