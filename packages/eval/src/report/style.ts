/** The look of the page: one style sheet, light and dark, no fonts or pictures from elsewhere. */
import { colours } from '../plot/colours.ts'
import { type Markup, trusted } from './markup.ts'

/** How many arms have a colour and a mark of their own; later ones start over. */
export const palette = colours.length

const arms = (paper: 0 | 1): string =>
  colours.map((pair, i) => `--arm${i}:${pair[paper]};`).join('')

const light = `--page:#f7f6f2;--card:#fff;--ink:#1b211e;--soft:#5c655f;--faint:#8b938d;--line:#e3e1d9;--grid:#efede6;
--good:#14784a;--good-back:#e3f3ea;--bad:#b23327;--bad-back:#fbe8e5;--even:#5c655f;--even-back:#eeede8;
${arms(0)}`
const dark = `--page:#121513;--card:#1b1f1d;--ink:#e9e8e2;--soft:#a8b0aa;--faint:#7d857f;--line:#303632;--grid:#262b28;
--good:#5fd49a;--good-back:#17382a;--bad:#ff8f80;--bad-back:#452019;--even:#a8b0aa;--even-back:#2a2f2c;
${arms(1)}`

const armColours = Array.from({ length: palette }, (_, i) => `.arm${i}{--arm:var(--arm${i})}`).join(
  '',
)

/** The style sheet. */
export const style: Markup = trusted(`
:root{color-scheme:light dark;${light}}
@media(prefers-color-scheme:dark){:root{${dark}}}
${armColours}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif}
main{max-width:1160px;margin:0 auto;padding:40px 24px 64px}
header .kind{color:var(--faint);font-size:12px;letter-spacing:.09em;text-transform:uppercase}
h1{font-size:32px;line-height:1.15;margin:4px 0 14px;letter-spacing:-.015em;overflow-wrap:anywhere}
h2{font-size:20px;margin:40px 0 4px;letter-spacing:-.01em;overflow-wrap:anywhere}
h3{font-size:13px;margin:0 0 6px;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
p{margin:0 0 10px;max-width:76ch;overflow-wrap:anywhere}.note{color:var(--soft);font-size:13px}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:14px;margin:0 0 20px}
.tile{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--arm);border-radius:12px;padding:14px 18px 16px}
.tile h3{color:var(--arm);font-size:14px;margin:0 0 2px}.tile strong{display:block;font-size:25px;line-height:1.2;letter-spacing:-.015em;overflow-wrap:anywhere}
.tile strong.helps,.tile strong.hurts{color:var(--v)}.tile span{display:block;color:var(--soft);font-size:13.5px;margin-top:4px;font-variant-numeric:tabular-nums}
.strip{display:flex;flex-wrap:wrap;gap:4px;margin:9px 0 2px}.strip i{width:22px;height:10px;border-radius:3px;background:var(--v)}.strip i.even{opacity:.35}
.key{flex:none;width:11px;height:11px;border-radius:50%;background:var(--arm);display:inline-block}
.facts{display:flex;flex-wrap:wrap;gap:8px 34px;margin:0;padding:14px 0;border-top:1px solid var(--line);border-bottom:1px solid var(--line)}
.facts dt{color:var(--faint);font-size:12px}.facts dd{margin:0;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:18px 20px;margin-top:14px;overflow-x:auto}
.pair{display:grid;grid-template-columns:minmax(0,1.08fr) minmax(0,1fr);gap:28px}
@media(max-width:860px){.pair{grid-template-columns:minmax(0,1fr)}}
.panels{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:18px 22px}
svg{display:block;width:100%;height:auto;overflow:visible;font:12px system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;font-variant-numeric:tabular-nums}
svg text{fill:var(--soft)}svg .strong{fill:var(--ink);font-weight:600}svg .axis{stroke:var(--line)}svg .grid{stroke:var(--grid)}
svg .zero{stroke:var(--faint)}svg .armline{stroke:var(--arm);fill:none;stroke-width:2.25;stroke-linejoin:round;stroke-linecap:round}
svg .reference{stroke-dasharray:5 4}svg .whisker{stroke:var(--arm);stroke-width:1.5;opacity:.6}svg .band{fill:var(--arm);opacity:.13}
svg .mark{fill:var(--arm);stroke:var(--card);stroke-width:1.5}svg text.armname{fill:var(--arm);font-weight:600}
svg .seed{fill:var(--arm);opacity:.3}svg .saving{stroke:var(--arm);stroke-width:1.5;stroke-dasharray:2 4;fill:none}svg .savinghead{fill:var(--arm)}svg text.saving{stroke:none;fill:var(--arm);font-weight:600}
.helps{--v:var(--good);--b:var(--good-back)}.hurts{--v:var(--bad);--b:var(--bad-back)}.even{--v:var(--even);--b:var(--even-back)}
svg .gain{stroke:var(--v);stroke-width:2.25;stroke-linecap:round}svg .gaindot{fill:var(--v);stroke:var(--card);stroke-width:1.5}svg text.gaintext{fill:var(--v)}
svg .overall .gain{stroke-width:5}svg .overall text{font-weight:600}
td.number small,th.number small{text-align:right}.warning{border-color:var(--v);margin-top:20px}.warning strong{color:var(--v)}.warning ul{margin:6px 0 0;padding-left:20px}
svg .better{fill:var(--good-back);opacity:.4}
.badge{display:inline-block;padding:1px 10px;border-radius:999px;background:var(--b);color:var(--v);font-weight:600;font-size:13px;white-space:nowrap}
table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}
th,td{text-align:left;padding:8px 18px 8px 0;border-top:1px solid var(--line);vertical-align:top}
thead th{border-top:0;color:var(--soft);font-size:13px;font-weight:600;vertical-align:bottom}
tbody th{font-weight:600;overflow-wrap:anywhere;min-width:150px;max-width:260px}td small,th small{display:block;color:var(--soft);font-weight:400;font-size:12.5px}
.exception{color:var(--v)!important}.number{text-align:right;white-space:nowrap}.dense td,.dense th{padding:4px 16px 4px 0;font-size:13px}
.legend{display:flex;flex-wrap:wrap;gap:4px 18px;margin:0 0 8px;font-size:13px;color:var(--soft)}.legend span{display:inline-flex;gap:6px;align-items:center;overflow-wrap:anywhere}
details{margin-top:14px}summary{cursor:pointer;color:var(--soft);font-weight:600}
pre{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:16px 18px;overflow:auto;font:12.5px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;max-height:560px}
.times{display:flex;height:26px;border-radius:7px;overflow:hidden;gap:2px;margin:6px 0 12px}
@media print{body{background:#fff}.card{break-inside:avoid}}
`)
