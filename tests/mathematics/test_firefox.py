"""How Firefox lays formulas out: a page of the engine tells a server what it measures of itself."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

PAGE = r"""# Formulas

$$ \sqrt{x} $$ (low)

$$ \sqrt{\frac{\frac{a}{b}}{\frac{c}{d}}} $$ (high)

$$ \underbrace{a + b + c + d + e + f}_{n} $$ (brace)

$$ \left( \frac{\frac{a}{b}}{\frac{c}{d}} \right) $$ (fence)

$$ \sum_{\mathclap{1 \le i < j \le n}} x $$ (clap)

$$ a_1 + a_2 + a_3 + a_4 + a_5 + a_6 + a_7 + a_8 + a_9 + b_1 + b_2 + b_3 + b_4 + b_5 + b_6 $$ (wide)

\begin{align}
a &= b \label{one} \\
c + d &= e \label{two}
\end{align}
"""
MEASURE = """
addEventListener("load", async () => {
  await document.fonts.ready;
  const box = (selector) => {
    const {x, y, width, height, right} = document.querySelector(selector).getBoundingClientRect();
    return {x, y, width, height, right};
  };
  const at = (label, inner) => box(`#equation-${label} ${inner}`);
  const wide = document.querySelector("#equation-wide .cv-math-scroll");
  const rows = document.querySelectorAll("mtable.cv-align > mtr");
  const relations = [...rows].map((row) => row.querySelectorAll("mo"));
  const equals = relations.map((all) => [...all].find((mo) => mo.textContent === "="));
  await fetch("/measured", {method: "POST", body: JSON.stringify({
    fonts: [...document.fonts].filter((font) => font.status === "loaded").map((f) => f.family),
    low: at("low", "msqrt"), high: at("high", "msqrt"),
    letters: at("brace", "munder munder > mrow"), brace: at("brace", "munder munder > mo"),
    fraction: at("fence", "mfrac"), fence: at("fence", "mo"),
    sum: at("clap", "munder"), sign: at("clap", "munder > mo"), clap: at("clap", "mpadded > *"),
    scroll: [wide.scrollWidth, wide.clientWidth],
    page: [document.documentElement.scrollWidth, innerWidth],
    equals: equals.map((mo) => mo.getBoundingClientRect().x),
    numbers: [...rows].map((row) => row.querySelector(".eqno").getBoundingClientRect().right),
    table: box("mtable.cv-align"),
  })});
});
"""


@pytest.fixture
def measured(build, tmp_path):
    """What Firefox measures of the page, on a window as narrow as a phone's."""
    firefox = shutil.which("firefox-esr") or shutil.which("firefox")
    if firefox is None:
        reason = "Firefox is not installed"
        (pytest.fail if os.environ.get("CV_REQUIRE_BROWSER") else pytest.skip)(reason)
    (tmp_path / "src" / "static").mkdir(parents=True)
    (tmp_path / "src" / "static" / "measure.js").write_text(MEASURE, encoding="utf-8")
    built = build(
        {"index.md": PAGE}, html_static_path=["static"], html_js_files=["measure.js"],
    )  # fmt: skip
    told = threading.Event()
    found = {}

    class Handler(SimpleHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            found.update(json.loads(body))
            self.send_response(204)
            self.end_headers()
            told.set()

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=str(built.out)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    profile = tmp_path / "profile"
    profile.mkdir()
    # The page is told nothing of the first start, and nothing is asked of other hosts.
    (profile / "user.js").write_text(
        'user_pref("datareporting.policy.dataSubmissionEnabled", false);\n'
        'user_pref("browser.shell.checkDefaultBrowser", false);\n'
        'user_pref("app.update.enabled", false);\n'
        'user_pref("network.captive-portal-service.enabled", false);\n'
        'user_pref("network.connectivity-service.enabled", false);\n',
        encoding="utf-8",
    )
    page = f"http://127.0.0.1:{server.server_port}/index.html"
    command = [
        firefox, "--headless", "--no-remote", "--profile", str(profile), page,
    ]  # fmt: skip
    env = {
        **os.environ, "HOME": str(profile),
        "MOZ_HEADLESS_WIDTH": "500", "MOZ_HEADLESS_HEIGHT": "900",
    }  # fmt: skip
    silent = subprocess.DEVNULL
    with subprocess.Popen(command, env=env, stdout=silent, stderr=silent) as process:
        try:
            assert told.wait(180), "Firefox has not shown the page"
        finally:
            process.terminate()
            server.shutdown()
            server.server_close()
    return found


@pytest.mark.once
def test_firefox_draws_formulas_as_they_are_meant(measured):
    assert [name.strip(chr(34)) for name in measured["fonts"]] == ["CV Math"]
    # What stretches reaches as far as what it belongs to.
    assert measured["high"]["height"] > 2 * measured["low"]["height"]
    assert measured["brace"]["width"] >= measured["letters"]["width"] - 1
    assert measured["fence"]["height"] > 0.8 * measured["fraction"]["height"]
    # Limits that are to take no room take none, and stand in the middle.
    assert measured["clap"]["width"] > measured["sum"]["width"] * 1.5
    middles = [measured[name]["x"] + measured[name]["width"] / 2 for name in ("sign", "clap")]
    assert middles[0] == pytest.approx(middles[1], abs=1)
    # A long formula scrolls in its box, the page does not.
    assert measured["scroll"][0] > measured["scroll"][1]
    assert measured["page"][0] <= measured["page"][1]
    # Rows are aligned at their signs, numbers at the end of the line.
    assert measured["equals"][0] == pytest.approx(measured["equals"][1], abs=0.5)
    assert measured["numbers"] == pytest.approx([measured["table"]["right"]] * 2, abs=1)
