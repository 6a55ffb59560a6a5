"""PDF files of a few lines, for tests."""


def pdf(text: str) -> bytes:
    """Return a PDF of one page that shows a text, a line below the other; letters of Latin-1 only."""
    shown = (line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)") for line in text.splitlines())
    stream = ("BT /F1 6 Tf 7 TL 20 1980 Td\n" + "".join(f"({line}) Tj T*\n" for line in shown) + "ET").encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 2000]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    data, places = b"%PDF-1.4\n", []
    for number, one in enumerate(objects, start=1):
        places.append(len(data))
        data += b"%d 0 obj%s endobj\n" % (number, one)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 6\n0000000000 65535 f \n%s" % table
    return data + head + b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(data)
