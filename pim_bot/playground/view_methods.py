"""The methods of the Web API for modals and Home tabs."""

from pim_bot.playground.arguments import Arguments
from pim_bot.playground.model import Json, SlackError
from pim_bot.playground.views import View
from pim_bot.playground.workspace import Workspace


def views_open(workspace: Workspace, arguments: Arguments) -> Json:
    """views.open."""
    return _told(workspace, workspace.views.open(arguments.required("trigger_id"), _view(arguments)))


def views_push(workspace: Workspace, arguments: Arguments) -> Json:
    """views.push."""
    return _told(workspace, workspace.views.push(arguments.required("trigger_id"), _view(arguments)))


def views_update(workspace: Workspace, arguments: Arguments) -> Json:
    """views.update."""
    view = workspace.views.update(
        _view(arguments),
        view_id=arguments.text("view_id"),
        external_id=arguments.text("external_id"),
        if_hash=arguments.text("hash") or None,
    )
    return _told(workspace, view)


def views_publish(workspace: Workspace, arguments: Arguments) -> Json:
    """views.publish."""
    user_id = arguments.required("user_id")
    return _told(workspace, workspace.views.publish(user_id, _view(arguments), if_hash=arguments.text("hash") or None))


def _view(arguments: Arguments) -> Json:
    view = arguments.nested("view")
    if not isinstance(view, dict):
        raise SlackError("invalid_arguments", "missing required field: view")
    return view


def _told(workspace: Workspace, view: View) -> Json:
    return {"ok": True, "view": workspace.views.as_slack(view)}
