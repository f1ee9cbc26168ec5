"""Making an office folder: folders, 设置.xlsx, blank templates, launchers. Nothing a person may have changed is overwritten."""

from __future__ import annotations

from . import settings as office_settings
from .files import write_whole
from .launchers import write_launchers
from .office import Office
from .settings import Settings
from .write.settings_book import write_settings
from .write.templates import write_all


def make_office(place: Office, *, with_launchers: bool = True) -> bool:
    """Create what is missing. False when 设置.xlsx was already there."""
    place.make()
    new = not place.settings.exists()
    if new:
        write_whole(place.settings, write_settings(office_settings.default()))
    write_templates(place)
    if with_launchers:
        write_launchers(place.root)
    return new


def write_templates(place: Office) -> list[str]:
    """Write the blank forms with this office's choices. Returns their file names."""
    settings: Settings = office_settings.default()
    if place.settings.exists():
        settings = office_settings.load(place.settings.read_bytes())
    place.templates.mkdir(parents=True, exist_ok=True)
    write_all(settings, place.templates)
    return sorted(path.name for path in place.templates.glob("*.xlsx"))
