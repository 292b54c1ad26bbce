"""What a cell shows, within its limit."""

import json


class Outputs:
    """A cell's outputs as nbformat has them, up to so many bytes; a figure that changes counts once."""

    def __init__(self, limit):
        self.limit, self.cut = limit, False
        self.clear()

    def clear(self):
        self.list, self.left, self.places = [], self.limit, {}

    def take(self, kind, content):
        if kind == "clear_output":
            self.clear()
        fields = {
            "stream": ("name", "text"),
            "display_data": ("data",),
            "update_display_data": ("data",),
            "execute_result": ("data",),
            "error": ("ename", "evalue", "traceback"),
        }.get(kind)
        if fields is None:
            return
        output = {field: content.get(field) for field in fields}
        place = (content.get("transient") or {}).get("display_id")
        is_change = kind == "update_display_data"
        if is_change and place not in self.places:
            return
        before, freed = self.places[place] if is_change else ({"output_type": kind}, 0)
        size = len(json.dumps(output))
        if size > self.left + freed:
            self.cut = True
            return
        self.left += freed - size
        before.update(output)
        if not is_change:
            self.list.append(before)
        if place:
            self.places[place] = (before, size)
