// SPDX-License-Identifier: MIT
#pragma once

namespace inkread::report {

/// How reports look: the colours and type of Inkread's page (web/styles.css).
inline constexpr const char* kStyle = R"css(
:root {
  color-scheme: light dark;
  --paper: #f6f2e9;
  --sheet: #fffdf7;
  --ink: #1a2233;
  --ink-soft: #596173;
  --line: #d9d2c3;
  --accent: #1d3f8f;
  --alert: #97330f;
  --right: 29 63 143;
  --wrong: 190 78 30;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  --serif: ui-serif, "Iowan Old Style", "Palatino Linotype", Palatino, P052, "Noto Serif", serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12151b;
    --sheet: #1b2029;
    --ink: #ece7db;
    --ink-soft: #a4abb8;
    --line: #343b48;
    --accent: #9db9ff;
    --alert: #f2a384;
    --right: 110 148 245;
    --wrong: 226 106 58;
  }
}
*, ::before, ::after { box-sizing: border-box; }
body {
  margin: 0;
  background: var(--paper);
  color: var(--ink);
  font: 1rem/1.55 var(--sans);
  text-wrap: pretty;
}
header, main, footer {
  max-width: 70rem;
  margin-inline: auto;
  padding-inline: clamp(1rem, 4vw, 2.5rem);
}
header { padding-top: clamp(2rem, 6vw, 4rem); }
h1, h2, h3, p, dl, dd, figure { margin: 0; }
h1, h2 {
  font-family: var(--serif);
  font-weight: 500;
  line-height: 1.15;
  letter-spacing: -0.015em;
  text-wrap: balance;
  overflow-wrap: anywhere;
}
h1 { font-size: clamp(1.875rem, 1.4rem + 2.2vw, 2.75rem); }
h2 { font-size: clamp(1.5rem, 1.3rem + 0.9vw, 1.875rem); }
h3 { font-size: 1.0625rem; font-weight: 600; }
.lead { padding-top: 0.75rem; max-width: 42rem; color: var(--ink-soft); font-size: 1.125rem; overflow-wrap: anywhere; }
section { padding-top: clamp(2.5rem, 6vw, 4rem); }
.how { max-width: 42rem; padding-block: 0.5rem 1.25rem; color: var(--ink-soft); }
footer { padding-block: 3rem; color: var(--ink-soft); font-size: 0.9375rem; }
small { display: block; color: var(--ink-soft); font: 400 0.875rem/1.4 var(--sans); letter-spacing: 0; }

.figures {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 9.5rem), 1fr));
  gap: 1.25rem 1.5rem;
  padding-top: 1.75rem;
}
section .figures { grid-template-columns: repeat(auto-fit, minmax(min(100%, 15rem), 1fr)); padding-block: 0 1.75rem; }
@media (min-width: 48rem) { main > .figures { grid-template-columns: repeat(4, 1fr); } }
.figures > div { padding-top: 0.75rem; border-top: 1px solid var(--line); }
dt { color: var(--ink-soft); font-size: 0.9375rem; }
dd { font: 500 1.625rem/1.25 var(--serif); font-variant-numeric: lining-nums; overflow-wrap: anywhere; }

.changes {
  display: grid;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr));
  column-gap: 1.25rem;
}
/* Title, note, plot and table of neighbours stand at the same heights. */
.changes .sheet { display: grid; grid-row: span 4; grid-template-rows: subgrid; align-content: start; margin-bottom: 1.25rem; }
.changes .scroll { padding-top: 0.75rem; }
.pair {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr));
  gap: 1.25rem;
  align-items: start;
}
.sheet {
  padding: 1rem clamp(0.75rem, 3vw, 1.25rem);
  border: 1px solid var(--line);
  border-radius: 0.75rem;
  background: var(--sheet);
  break-inside: avoid;
}
.sheet > h3 + svg { margin-top: 0.5rem; }
.sheet > p { padding-bottom: 0.5rem; color: var(--ink-soft); font-size: 0.9375rem; }
.narrow { max-width: 46rem; }
details { padding-top: 1rem; }
summary { padding-bottom: 0.75rem; cursor: pointer; }
.visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
table { width: 100%; border-collapse: collapse; font-size: 0.9375rem; font-variant-numeric: tabular-nums lining-nums; }
caption { padding-bottom: 0.5rem; color: var(--ink-soft); font-size: 0.875rem; text-align: left; }
caption:has(.visually-hidden) { padding: 0; }
th, td { padding: 0.3rem 0.5rem; border-bottom: 1px solid var(--line); text-align: right; font-weight: 400; white-space: nowrap; }
th:first-child, td:first-child { padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--ink-soft); font-size: 0.875rem; vertical-align: bottom; white-space: normal; }
.confusion thead th { font-size: inherit; }
tbody tr:last-child > * { border-bottom: 0; }
.words { text-align: left; }
tbody .words { min-width: 6.5rem; white-space: normal; overflow-wrap: anywhere; }

.confusion { max-width: 46rem; }
.confusion table { table-layout: fixed; border-spacing: 2px; border-collapse: separate; font-size: clamp(0.6875rem, 2.7vw, 0.9375rem); }
.confusion th, .confusion td { padding: 0; height: 2.3em; border: 0; border-radius: 0.25rem; text-align: center; vertical-align: middle; }
.confusion th { font-weight: 600; color: var(--ink-soft); }
.confusion td { background: rgb(var(--wrong) / var(--heat, 0)); }
.confusion td.right { background: rgb(var(--right) / var(--heat, 0)); }
.confusion td.none { color: var(--ink-soft); }

svg { display: block; width: 100%; max-width: 30rem; height: auto; margin-inline: auto; }
svg text { fill: var(--ink-soft); font: 12.5px var(--sans); font-variant-numeric: tabular-nums; }
svg .name { fill: var(--ink); }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .line { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
svg .line.second { stroke: var(--alert); stroke-dasharray: 6 4; }
svg .dot { fill: var(--accent); }
svg .dot.second { fill: var(--alert); }
svg .bar { fill: var(--accent); }
svg .bar.pale { opacity: 0.6; }
svg .bar.faint { fill: var(--ink-soft); opacity: 0.35; }
svg .bar.wrong { fill: var(--alert); }
svg .whisker { stroke: var(--accent); stroke-width: 1.5; opacity: 0.55; }
svg .leader { stroke: var(--ink-soft); stroke-width: 0.75; opacity: 0.6; }
svg .ideal { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 3 4; }
.legend { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; padding: 0.25rem 0 0; color: var(--ink-soft); font-size: 0.875rem; list-style: none; margin: 0; }
.legend li::before { content: ""; display: inline-block; width: 1.5rem; margin-right: 0.5rem; border-top: 2px solid var(--accent); vertical-align: middle; }
.legend li.second::before { border-top: 2px dashed var(--alert); }

.mistakes { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.25rem, 1fr)); gap: 1rem; padding: 0; margin: 0; list-style: none; }
.mistakes li { padding: 0.75rem; border: 1px solid var(--line); border-radius: 0.75rem; background: var(--sheet); font-size: 0.875rem; line-height: 1.4; break-inside: avoid; }
.mistakes img { display: block; width: 100%; max-width: 11rem; margin-inline: auto; height: auto; aspect-ratio: 1; border-radius: 0.375rem; image-rendering: pixelated; }
.mistakes p { padding-top: 0.5rem; }
.mistakes b { font: 500 1.0625rem/1.3 var(--serif); }
.mistakes svg { max-width: 11rem; padding-block: 0.375rem; }
.mistakes svg text { font-size: 11px; }
.mistakes .soft { color: var(--ink-soft); padding: 0; }

@media print {
  @page { margin: 1.5cm; }
  :root { color-scheme: light; --paper: #fff; --sheet: #fff; --ink: #000; --ink-soft: #444; --line: #bbb; --accent: #1d3f8f; --alert: #97330f; --right: 29 63 143; --wrong: 190 78 30; }
  body { font-size: 10pt; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  header, main, footer { max-width: none; padding-inline: 0; }
  header { padding-top: 0; }
  h2, .how { break-after: avoid; }
  tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  .changes { grid-template-columns: repeat(2, 1fr); }
  .mistakes { grid-template-columns: repeat(5, 1fr); }
}
)css";

}  // namespace inkread::report
