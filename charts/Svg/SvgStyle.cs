namespace Actors.Charts.Svg;

/// <summary>How charts look: the colours, patterns and dashes of their numbers, and the style of the page that gives them.</summary>
internal static class SvgStyle
{
    private const int Colours = 7;
    private const int Patterns = 4;
    private const int Dashes = 4;

    /// <summary>The style of a page with charts.</summary>
    public const string Css = """
        :root { color-scheme: light dark; --ink: #1c1e21; --paper: #fff; --faint: #5c6370; --grid: #dcdfe4; --panel: #f6f7f9; --good: #1a6b34; --bad: #a3180f;
          --c0: #9aa1ab; --c1: #7fb2e5; --c2: #f2b36f; --c3: #86c99a; --c4: #e8a0bf; --c5: #c9b6ea; --c6: #d9cf6d; --hatch: #0007;
          --l0: #4a505a; --l1: #0b5cad; --l2: #a85400; --l3: #1d7a3c; --l4: #a82567; --l5: #6a3fb0; --l6: #756a00; }
        @media screen and (prefers-color-scheme: dark) { :root { --ink: #e6e8eb; --paper: #14161a; --faint: #a4abb6; --grid: #343943; --panel: #1d2026; --good: #7ed69a; --bad: #ff9a8f;
          --c0: #5b626d; --c1: #2f6299; --c2: #8f5d22; --c3: #36734a; --c4: #8a4467; --c5: #64509a; --c6: #76701f; --hatch: #fff6;
          --l0: #b3bac4; --l1: #7db8f7; --l2: #f3ac5e; --l3: #79cf94; --l4: #f08fbb; --l5: #bda2f5; --l6: #d8cd58; } }
        @media print { :root { color-scheme: light; } }
        .chart { display: block; width: 100%; height: auto; font: 12px system-ui, sans-serif; fill: var(--ink); }
        .axes path { stroke: var(--grid); fill: none; } .axes text { fill: var(--faint); }
        .area { stroke: var(--paper); stroke-width: .8; } .line { fill: none; stroke-width: 2; stroke-linejoin: round; } .band { opacity: .55; }
        .limit { stroke: var(--ink); stroke-width: 1.5; } .limitname, .number { font-size: 11px; fill: var(--ink); paint-order: stroke; stroke: var(--paper); stroke-width: 3px; }
        .number { font-weight: 600; } .swatch { width: 1.6em; height: 1em; vertical-align: -.12em; }
        .c0 { fill: var(--c0) } .c1 { fill: var(--c1) } .c2 { fill: var(--c2) } .c3 { fill: var(--c3) } .c4 { fill: var(--c4) } .c5 { fill: var(--c5) } .c6 { fill: var(--c6) }
        .l0 { stroke: var(--l0) } .l1 { stroke: var(--l1) } .l2 { stroke: var(--l2) } .l3 { stroke: var(--l3) } .l4 { stroke: var(--l4) } .l5 { stroke: var(--l5) } .l6 { stroke: var(--l6) }
        .d1 { stroke-dasharray: 7 4 } .d2 { stroke-dasharray: 2 3 } .d3 { stroke-dasharray: 9 3 2 3 } .hatch { stroke: var(--hatch); fill: none; } .dot { fill: var(--hatch) }

        """;

    /// <summary>The patterns, which a page contains once, before its charts.</summary>
    public const string Definitions = """
        <svg width="0" height="0" style="position:absolute" aria-hidden="true" focusable="false"><defs>
        <pattern id="p1" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path class="hatch" d="M0 0V6"/></pattern>
        <pattern id="p2" width="6" height="6" patternUnits="userSpaceOnUse"><circle class="dot" cx="3" cy="3" r="1.1"/></pattern>
        <pattern id="p3" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><path class="hatch" d="M0 0V7M0 0H7"/></pattern>
        </defs></svg>

        """;

    public static int Colour(int look) => look % Colours;

    /// <summary>The name of a pattern; <see langword="null"/> for none.</summary>
    public static string? Pattern(int look) => look % Patterns == 0 ? null : $"p{look % Patterns}";

    /// <summary>The classes of a line.</summary>
    public static string Line(int look) => $"l{look % Colours} d{look % Dashes}";

    /// <summary>A sample of an area, for a legend.</summary>
    public static string AreaSwatch(int look) => Swatch(
        $"<rect class=\"c{Colour(look)}\" width=\"24\" height=\"15\"/>{(Pattern(look) is { } pattern ? $"<rect fill=\"url(#{pattern})\" width=\"24\" height=\"15\"/>" : "")}");

    /// <summary>A sample of a line, for a legend.</summary>
    public static string LineSwatch(int look) => Swatch($"<path class=\"line {Line(look)}\" d=\"M0 8H24\"/>");

    /// <summary>A sample of a limit, for a legend.</summary>
    public static string LimitSwatch => Swatch("<path class=\"limit\" d=\"M0 8H24\"/>");

    private static string Swatch(string content) => $"<svg class=\"swatch\" viewBox=\"0 0 24 15\" aria-hidden=\"true\" focusable=\"false\">{content}</svg>";
}
