namespace Actors.Bench;

/// <summary>One figure of a row, with the ratio (ours to theirs) that it must reach and the one that it should reach.</summary>
/// <param name="Name">The name of the figure with its unit.</param>
/// <param name="HigherIsBetter">Whether the ratio is a minimum. Otherwise it is a maximum.</param>
/// <param name="Must">The ratio that it must reach.</param>
/// <param name="Aim">The ratio that it should reach.</param>
internal sealed record Figure(string Name, bool HigherIsBetter, double Must, double Aim)
{
    public static Figure Throughput(string name, double must, double aim) => new($"{name}, /s", true, must, aim);

    public static Figure Latency(string name, double must, double aim) => new($"{name}, µs", false, must, aim);

    public bool IsMet(double ratio) => HigherIsBetter ? ratio >= Must : ratio <= Must;
}

/// <summary>A benchmark that two sides run in turn. Each side returns one number per figure.</summary>
internal sealed record Row(string Work, string Against, IReadOnlyList<Figure> Figures, Func<Task<double[]>> Theirs, Func<Task<double[]>> Ours);
