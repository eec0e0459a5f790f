"""The names that buttons, forms and fields bear on the wire. Old messages keep them, so they are never renamed."""

COMMAND = "/pim"

# buttons; their value is the id of the thing
GOING = "attend.going"
REGISTER = "attend.register"
UNSURE = "attend.unsure"
NOT_GOING = "attend.not-going"
ANSWER = "attend.open"
MOVE = "activity.move"
CANCEL = "activity.cancel"
NEW_ACTIVITY = "activity.new"
SHOW_AGENDA = "agenda.show"
ACCEPT = "assignment.accept"
DECLINE = "assignment.decline"
ASSIGN = "assignment.new"
RELEASE = "assignment.release"
REPLACE = "assignment.replace"
JOIN_TEAM = "team.join"
LEAVE_TEAM = "team.leave"
MAKE_CONTACT = "team.contact"
SCORE = "feedback.score"
SHOW_DELIVERIES = "deliveries.show"
MORE_DELIVERIES = "deliveries.more"
RESEND_DELIVERY = "delivery.resend"
DROP_DELIVERY = "delivery.drop"

FEWER_MESSAGES = "preferences.fewer"

CORRECT_DATA = "privacy.correct"
LIMIT_DATA = "privacy.limit"
LIFT_LIMIT = "privacy.lift"

# forms
ACTIVITY_FORM = "activity.form"
MOVE_FORM = "activity.move-form"
MOVE_PREVIEW = "activity.move-preview"
CANCEL_FORM = "activity.cancel-form"
PEOPLE_FORM = "attend.people-form"
ANSWER_FORM = "attend.answer-form"
ASSIGNMENT_FORM = "assignment.form"
RELEASE_FORM = "assignment.release-form"
REPLACE_FORM = "assignment.replace-form"
JOIN_FORM = "team.join-form"
LEAVE_FORM = "team.leave-form"
OVER_BUDGET_FORM = "assignment.over-budget"

PREFERENCES_FORM = "preferences.form"
PREFERENCES_MORE_FORM = "preferences.more-form"

CORRECTION_FORM = "privacy.correct-form"

# global shortcuts
NEW_ACTIVITY_SHORTCUT = "shortcut.activity"

NOTICE = "notice"
"""The block of a form that holds the notice of personal data; what follows the stroke is its version."""

VALUE = "value"
"""The action id of the one element of an input block; the block id is the field's name."""
