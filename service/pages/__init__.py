"""The pages: what members and offices see in a browser, in Vietnamese.

They call the library as the API does and hold no rule of their own; what a form asks and prints comes from its
`form.toml`. Nothing is kept here: a page forgets what was typed, and only a merge that somebody starts is stored.
"""

from __future__ import annotations

from service.pages.site import blueprint, error_page

__all__ = ["blueprint", "error_page"]
