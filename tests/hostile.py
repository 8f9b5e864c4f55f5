"""Words that mean something to a reader of markdown, of icons or of addresses, and must not."""

from __future__ import annotations

import random

WORDS = (
    "https://evil.example/x?a=b", "HTTPS://X.Y", "http:/\\/x.y", "http://", "https://a",
    "www.evil.example", "WWW.X.YY", "www.a.b.c/d?e#f", "ftp://x.y mailto:a@b.cc", "xmpp:a@b.cc",
    "me@evil.example", "a@b.cc,b@c.dd", "a.b@c-d.ef", "<https://a.bc>",
    "a -- b", "--", "---", "…--…", "x --", "->x", "<-", "a -> b <- c <-> d >= e <= f ~= g",
    ":streamlit:", "x:streamlit:y", "::streamlit::", ":material/home:", ":material_home:",
    ":smile:", "😀:smile:😀", "a:+1:b", ":red[x]", ":color[x]{foreground=red}", ":blue-badge[x]",
    ":help[x]", ":small[x]", ":shimmer[x]", ":::note", "10:30:15",
    "$x^2$", "$$y$$", "5$ and 6$", "\\(x\\) \\[y\\]",
    "**b** _i_ ~~s~~ `c`", "a*b*c_d_e", "# h", "- li", "+ a", "1. li", "> q", "~~~", "```", "***",
    "===", "| a | b |", "[l](http://a.b)", "![i](http://a.b/c.png)", "[^1]", "[x]: /y",
    "<b>x</b><script>alert(1)</script>", "<!-- c -->", "&amp; &#58;", "a\\b \\* \\", "(c) ...",
    "王·芳 <王> ：《》", "\"q\" 'q'",
)  # fmt: skip

_PIECES = (*":/@.-<>=~*_`$[](){}#!|&\\ wWaz1s", "https://", "www.", ":streamlit:", " -- ", "a@b.cc")


def soup(count: int, seed: int = 5) -> list[str]:
    """So many words put together by chance of the signs that matter."""
    chance = random.Random(seed)
    made = ("".join(chance.choices(_PIECES, k=chance.randint(2, 24))) for _ in range(count))
    return [" ".join(words.split()) or "x" for words in made]
