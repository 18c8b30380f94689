using System.Globalization;
using System.Text;
using Actors.Charts.Model;

namespace Actors.Charts.Svg;

/// <summary>The plane of a chart: where a time and a value are, in the units of the picture.</summary>
internal sealed class SvgPlane
{
    public const int Width = 440;
    public const int Height = 250;
    public const double Left = 44;
    public const double Right = Width - 12;
    public const double Top = 16;
    public const double Bottom = Height - 24;

    private readonly Chart _chart;

    public SvgPlane(Chart chart)
    {
        _chart = chart;
        var highest = chart.Highest;
        Most = highest > 0 ? highest * (chart.Limits.Count > 0 ? 1.06 : 1.02) : 1;
    }

    public TimeSpan Whole => _chart.Interval * _chart.Length;

    /// <summary>The greatest value that fits.</summary>
    public double Most { get; }

    /// <summary>Where a value is averaged over an interval: at its middle; the first and the last reach the edges.</summary>
    public double XOf(int index) =>
        _chart.Length <= 1 || index == 0 ? Left : index == _chart.Length - 1 ? Right : X(_chart.Interval * (index + 0.5));

    public double X(TimeSpan time) => Left + ((Right - Left) * (time / Whole));

    public double Y(double value) => Bottom - ((Bottom - Top) * (value / Most));

    /// <summary>A path through points; it begins again after a gap.</summary>
    public string Path(IReadOnlyList<double> values)
    {
        var (path, drawing) = (new StringBuilder(), false);
        for (var index = 0; index < values.Count; index++)
        {
            if (double.IsFinite(values[index]))
                Append(path, drawing ? 'L' : 'M', XOf(index), Y(values[index]));
            drawing = double.IsFinite(values[index]);
        }
        return path.ToString();
    }

    /// <summary>The area between two lines.</summary>
    public string Area(IReadOnlyList<double> lower, IReadOnlyList<double> upper)
    {
        var path = new StringBuilder();
        for (var index = 0; index < upper.Count; index++)
            Append(path, index == 0 ? 'M' : 'L', XOf(index), Y(upper[index]));
        for (var index = lower.Count - 1; index >= 0; index--)
            Append(path, 'L', XOf(index), Y(lower[index]));
        return path.Append('Z').ToString();
    }

    public static string Number(double value) => Math.Round(value, 1).ToString(CultureInfo.InvariantCulture);

    private static void Append(StringBuilder path, char command, double x, double y) => path.Append(command).Append(Number(x)).Append(' ').Append(Number(y));
}
