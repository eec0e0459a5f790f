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

NEW_SESSION = "session.new"
SAVE_SESSION = "session.save"
AS_PLANNED = "session.as-planned"
NOT_HELD = "session.not-held"
DETAIL_SESSION = "session.detail"
SESSION_TO_MID = "session.to-mid"
CORRECT_SESSION = "session.correct"
ASK_SESSION = "session.ask"
OFFER_TIMES = "session.offer"
CHOOSE_TIME = "session.choose"
DECLINE_REQUEST = "session.decline"

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

SESSION_FORM = "session.form"
SESSION_DETAILS = "session.details-form"
SESSION_WORDS = "session.words-form"
SESSION_MID_FORM = "session.mid-form"
SESSION_CORRECTION = "session.correction-form"
ASK_FORM = "session.ask-form"
OFFER_FORM = "session.offer-form"
DECLINE_FORM = "session.decline-form"

CORRECTION_FORM = "privacy.correct-form"

# global shortcuts
NEW_ACTIVITY_SHORTCUT = "shortcut.activity"
NEW_SESSION_SHORTCUT = "shortcut.session"

NOTICE = "notice"
"""The block of a form that holds the notice of personal data; what follows the stroke is its version."""

VALUE = "value"
"""The action id of the one element of an input block; the block id is the field's name."""
