using System.Globalization;

namespace Actors.Paging;

/// <summary>Shows numbers of page-ins to people.</summary>
internal static class PageIns
{
    /// <summary>The number with two significant digits: 1,234 becomes <c>1,200</c>.</summary>
    public static string Rounded(long number)
    {
        var unit = 1L;
        while (number / unit >= 100)
            unit *= 10;
        return ((number + (unit / 2)) / unit * unit).ToString("N0", CultureInfo.InvariantCulture);
    }
}
