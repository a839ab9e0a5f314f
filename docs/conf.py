"""How Sphinx builds the site: `./penstock docs` calls it."""

from importlib.metadata import version as installed

project = "Penstock"
release = version = installed("penstock")

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}

html_theme = "furo"
html_title = "Penstock"
html_copy_source = False
html_show_copyright = False
html_show_sphinx = False
html_theme_options = {"navigation_with_keys": True}
