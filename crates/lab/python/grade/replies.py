"""What a kernel's reply says of how a cell ended."""


def status_of(reply, stopped):
    """Give the status of a cell by its reply, which may be None, and by whether it had to be stopped."""
    if stopped:
        return "timeout"
    return "ok" if reply and reply.get("status") == "ok" else "error"


def costs_all(reply, losses):
    """Say whether a cell's end has cost all variables.

    `losses` has the names of errors by which a kernel tells of that, with what their message says then.
    """
    name = (reply or {}).get("ename")
    return name in losses and losses[name] in str(reply.get("evalue"))
