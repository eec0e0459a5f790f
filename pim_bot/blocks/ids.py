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
SCORE = "feedback.score"
SHOW_DELIVERIES = "deliveries.show"
MORE_DELIVERIES = "deliveries.more"
RESEND_DELIVERY = "delivery.resend"
DROP_DELIVERY = "delivery.drop"
CONTRIBUTE = "contribution.new"
ACCEPT_CONTRIBUTION = "contribution.accept"
RETURN_CONTRIBUTION = "contribution.return"
WITHDRAW_CONTRIBUTION = "contribution.withdraw"
AGREE_TO_CONTRIBUTION = "contribution.agree"
REFUSE_CONTRIBUTION = "contribution.refuse"
TAKE_OVER_EDIT = "contribution.take-over"
SHOW_WAITING = "contribution.waiting"

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
CONTRIBUTION_FORM = "contribution.form"
CONTRIBUTION_TEXT_FORM = "contribution.text-form"
RETURN_FORM = "contribution.return-form"
WAITING_FORM = "contribution.waiting-form"

CORRECTION_FORM = "privacy.correct-form"

# global shortcuts, and those on a message
NEW_ACTIVITY_SHORTCUT = "shortcut.activity"
CONTRIBUTE_SHORTCUT = "shortcut.contribution"

NOTICE = "notice"
"""The block of a form that holds the notice of personal data; what follows the stroke is its version."""

VALUE = "value"
"""The action id of the one element of an input block; the block id is the field's name."""
