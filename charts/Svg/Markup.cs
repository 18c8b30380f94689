using System.Net;
using Actors.Sdk.Text;

namespace Actors.Charts.Svg;

/// <summary>Foreign text in HTML and SVG.</summary>
internal static class Markup
{
    private const int LongestText = 4000;

    /// <summary>Text that is safe between tags and in quotes: no markup, nothing that hides or reverses text.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Printable.Of(text, LongestText));
}
