/** The page's only style. It follows the reader's choice of light or dark, and puts the contents aside where there is room. */
export const STYLE = `
:root { color-scheme: light dark; --line: light-dark(#d8dee4, #3d444d); --soft: light-dark(#f6f8fa, #161b22); --quiet: light-dark(#59636e, #9198a1); --link: light-dark(#0969da, #58a6ff); --page: light-dark(#ffffff, #0d1117); --text: light-dark(#1f2328, #e6edf3); }
* { box-sizing: border-box; }
html { scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; font: 16px/1.55 system-ui, sans-serif; background: var(--page); color: var(--text); }
a { color: var(--link); text-decoration: none; }
a:hover { text-decoration: underline; }
code, pre { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
code { background: var(--soft); padding: .1em .3em; border-radius: 4px; overflow-wrap: anywhere; }
pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: 12px; overflow-x: auto; }
pre code { background: none; padding: 0; overflow-wrap: normal; }
main { max-width: 60rem; margin: 0 auto; padding: 24px 20px 80px; }
nav { padding: 24px 20px; border-bottom: 1px solid var(--line); }
nav ul { list-style: none; margin: 4px 0 16px; padding: 0; }
nav li { padding: 2px 0; }
nav strong { text-transform: capitalize; }
h1 { margin: 0 0 8px; }
h2 { margin: 56px 0 8px; padding-bottom: 6px; border-bottom: 1px solid var(--line); text-transform: capitalize; }
main > header h2 { text-transform: none; margin-top: 32px; border: 0; padding: 0; font-size: 1.2rem; }
h3 { margin: 40px 0 4px; }
h4 { margin: 20px 0 6px; font-size: .95rem; }
.quiet { color: var(--quiet); }
.call { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 6px 0; }
.method { font: 600 12px/1 ui-monospace, monospace; padding: 5px 8px; border-radius: 4px; color: #fff; background: #57606a; }
.get { background: #0a5fc2; } .post { background: #17702f; } .patch { background: #8a5300; } .delete { background: #bf2430; }
nav .method { font-size: 10px; padding: 3px 5px; }
.table { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: 8px 0; font-size: .93rem; }
th, td { text-align: left; vertical-align: top; padding: 6px 12px 6px 0; border-bottom: 1px solid var(--line); }
th { font-weight: 600; } td:first-child code { white-space: nowrap; } td p { margin: 0; }
details { border: 1px solid var(--line); border-radius: 6px; margin: 6px 0; }
summary { cursor: pointer; padding: 8px 12px; }
details > div { padding: 0 12px 12px; }
:target { scroll-margin-top: 16px; }
@media (min-width: 64rem) {
  body { display: grid; grid-template-columns: 19rem 1fr; }
  nav { position: sticky; top: 0; height: 100vh; overflow-y: auto; border-bottom: 0; border-right: 1px solid var(--line); }
  main { margin: 0; padding: 32px 48px 96px; }
}
`;
