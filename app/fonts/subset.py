"""Makes the fonts beside it smaller than npm has them: `pip install fonttools brotli`, then `python3 app/fonts/subset.py`.

Commit Mono loses 1,000 glyphs and its alternates: from 48 to 12 KB. Instrument Sans keeps every glyph and axis, but its
kerning no longer varies along them, by hundredths of an em: from 58 to 32 KB. What is left out comes from their packages,
as `fonts.css` says. Both are under the SIL Open Font License, as their `name` tables say.
"""

from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

here = Path(__file__).parent
packages = here / "../../node_modules"
sans = packages / "@fontsource-variable/instrument-sans/files/instrument-sans-latin-wdth-normal.woff2"
mono = packages / "@fontsource/commit-mono/files"

# The same as `unicode-range` in `fonts.css`.
in_mono = [
    *range(0x20, 0x7F), *range(0xA0, 0x100), *range(0x2010, 0x2028), *range(0x2030, 0x203B),
    0x20AC, *range(0x2190, 0x2194), 0x2212, *range(0x2248, 0x2266), *range(0x25A0, 0x2600),
]  # fmt: skip


def save(font: TTFont, name: str, characters: list[int], features: list[str]):
    options = Options(layout_features=features, name_IDs=["*"])
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=characters)
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(here / name)


def fix_kerning(font: TTFont):
    """Kerning as it is at the default width and weight: its variation is half of the whole file."""
    for lookup in font["GPOS"].table.LookupList.Lookup:
        for table in lookup.SubTable:
            table = getattr(table, "ExtSubTable", table)
            if table.LookupType != 2:
                continue
            for attribute in ("ValueFormat1", "ValueFormat2"):
                setattr(table, attribute, getattr(table, attribute) & 0x0F)
            records = (
                [record for pairs in table.PairSet for record in pairs.PairValueRecord]
                if table.Format == 1
                else [record for row in table.Class1Record for record in row.Class2Record]
            )
            for value in (one for record in records for one in (record.Value1, record.Value2) if one):
                for device in ("XAdvDevice", "YAdvDevice", "XPlaDevice", "YPlaDevice"):
                    if hasattr(value, device):
                        delattr(value, device)


instrument = TTFont(sans)
fix_kerning(instrument)
save(instrument, "instrument-sans.woff2", list(instrument.getBestCmap()), ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"])
for weight in (400, 600):
    save(TTFont(mono / f"commit-mono-latin-{weight}-normal.woff2"), f"commit-mono-{weight}.woff2", in_mono, [])
