"""Labels as a scanner sees them: the PDF as a thermal or a laser printer puts it on paper, read by the vendored reader."""

import base64
import shutil
import subprocess
from decimal import Decimal as D
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from catalog.barcodes import in_store_ean
from inventory.label_drawing import Label, page_rules, print_html
from inventory.label_sheets import PAPERS, Paper
from smartkirana.pdf import write_pdf

pytestmark = pytest.mark.skipif(not shutil.which("pdftoppm"), reason="poppler is not installed")
CODES = ["8901234567890", in_store_ean("29", 42), "96385074", "P00042", "18901234567897", "GRN/26-7", "1234567"]
READ = """async (source) => {
  const picture = new Image();
  picture.src = source;
  await picture.decode();
  const reader = new ZXingBrowser.BrowserMultiFormatReader(new Map([[3, true]])); // try harder
  return (await reader.decodeFromImageElement(picture)).getText();
}"""


@pytest.fixture(scope="module")
def reader(chromium):
    """A page with the reader of the counter's camera."""
    page = chromium.new_context().new_page()
    page.add_script_tag(path=finders.find("vendor/zxing/0.2.1/zxing-browser.min.js"))
    yield page
    page.context.close()


def pictures(folder: Path, paper: Paper, codes: list[str], dpi: int) -> list[bytes]:
    """The labels cut out of the printed pages, at the printer's own resolution."""
    from io import BytesIO

    from PIL import Image

    labels = [Label(name="Toor dal, unpolished 1 kg", code=code, shop="Sharma Kirana", mrp=D("185"), price=D("172")) for code in codes]
    (folder / "labels.pdf").write_bytes(write_pdf(print_html(labels, paper), sheet="css/label-sheet.css", rules=page_rules(paper)))
    subprocess.run(["pdftoppm", "-r", str(dpi), "-png", folder / "labels.pdf", folder / "page"], check=True)
    pages = [Image.open(file) for file in sorted(folder.glob("page*.png"))]
    found = []
    for n in range(len(codes)):
        page, place = divmod(n, paper.on_a_page)
        x, y = paper.place(place)
        box = [round(float(edge) * dpi / 25.4) for edge in (x, y, x + paper.width, y + paper.height)]
        file = BytesIO()
        pages[page].crop(box).save(file, "PNG")
        found.append(file.getvalue())
    return found


@pytest.mark.parametrize(("paper", "dpi"), [("a24", 300), ("a40", 300), ("a65", 600), ("roll", 203), ("roll", 300)])
def test_every_printed_code_is_read_back(reader, tmp_path, paper, dpi):
    for code, picture in zip(CODES, pictures(tmp_path, PAPERS[paper], CODES, dpi), strict=True):
        source = "data:image/png;base64," + base64.b64encode(picture).decode()
        assert reader.evaluate(READ, source) == code
