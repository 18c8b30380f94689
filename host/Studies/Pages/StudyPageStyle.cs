namespace Actors.Host.Studies.Pages;

/// <summary>The style of the page, apart from its charts.</summary>
internal static class StudyPageStyle
{
    public const string Css = """
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", sans-serif; }
        main { max-width: 1280px; margin: 0 auto; padding: 1rem clamp(.75rem, 2vw, 1.5rem) 3rem; overflow-wrap: anywhere; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: .5rem 0; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; } p { margin: .4rem 0; max-width: 75ch; }
        .source { color: var(--faint); } a { color: inherit; } nav ul, .legend { list-style: none; padding: 0; margin: .5rem 0; display: flex; flex-wrap: wrap; gap: .2rem 1rem; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: .9rem; } th, td { text-align: left; vertical-align: top; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--grid); }
        th { font-weight: normal; } thead th { color: var(--faint); white-space: nowrap; } .group th { font-weight: 600; padding-top: .8rem; } .n, .values td { text-align: right; font-variant-numeric: tabular-nums; }
        .good { color: var(--good); white-space: nowrap; } .bad { color: var(--bad); font-weight: 700; white-space: nowrap; }
        .charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 23rem), 1fr)); gap: 1rem; margin: .5rem 0; }
        figure { margin: 0; padding: .6rem; background: var(--panel); border-radius: 6px; min-width: 0; } figcaption { font-weight: 600; margin-bottom: .3rem; }
        .legend { font-size: .85rem; } summary { cursor: pointer; } details > summary { margin: .6rem 0; } .values > summary { margin: 0; font-size: .85rem; color: var(--faint); } .values table { font-size: .8rem; }
        .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
        :focus-visible { outline: 2px solid currentColor; outline-offset: 2px; }
        @media (max-width: 600px) { body { font-size: 14px; } table { font-size: .82rem; } th, td { padding-right: .4rem; } }
        @media print { body { font-size: 10pt; } main { max-width: none; padding: 0; } .values, nav { display: none; } .scroll { overflow: visible; } figure { break-inside: avoid; border: 1px solid var(--grid); background: none; }
          h2 { break-after: avoid; } tr { break-inside: avoid; } .charts { grid-template-columns: 1fr 1fr; } figure, .area, .band, .swatch { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }

        """;
}
