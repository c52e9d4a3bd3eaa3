"""The theme of an organisation, as the configuration holds it."""

from __future__ import annotations

import msgspec


class Colours(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Of the light or the dark look, as "#rrggbb". Empty: what follows from the light look, or the
    house's own."""

    brand: str = ""
    on_brand: str = ""
    accent: str = ""
    background: str = ""


class Theme(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What citizens' pages of an organisation look like. `logo` and fonts: files by their digest;
    `logo_text`: what stands for the logo to who does not see it, empty beside the name."""

    organisation: str
    name: dict[str, str] = {}
    light: Colours = Colours()
    dark: Colours = Colours()
    logo: str = ""
    logo_text: dict[str, str] = {}
    font: str = "system"
    font_regular: str = ""
    font_bold: str = ""


class ThemeFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A logo or font that a theme of the same file names by its digest; no thing of its own."""

    organisation: str
    data: bytes  # in the file as base64
