using System.Globalization;

namespace Actors.Bench;

/// <summary>Runs rows side by side and prints the medians as a table in Markdown.</summary>
internal static class Report
{
    public static async Task<bool> RunAsync(IReadOnlyList<Row> rows, int rounds, TextWriter data, TextWriter talk)
    {
        var results = rows.Select(_ => (Theirs: new List<double[]>(), Ours: new List<double[]>())).ToList();
        for (var round = 0; round <= rounds; round++)
        {
            // Round 0 warms up the JIT and does not count.
            await talk.WriteLineAsync(round == 0 ? "warming up" : $"round {round} of {rounds}");
            for (var i = 0; i < rows.Count; i++)
            {
                var theirs = await rows[i].Theirs();
                var ours = await rows[i].Ours();
                if (round == 0)
                    continue;
                results[i].Theirs.Add(theirs);
                results[i].Ours.Add(ours);
            }
        }
        var allMet = true;
        await data.WriteLineAsync("| work | against | theirs | ours | ratio | must | aim | |");
        await data.WriteLineAsync("|---|---|---:|---:|---:|---:|---:|---|");
        for (var i = 0; i < rows.Count; i++)
            for (var figure = 0; figure < rows[i].Figures.Count; figure++)
                allMet &= await PrintAsync(data, rows[i], figure, results[i].Theirs, results[i].Ours);
        return allMet;
    }

    private static async Task<bool> PrintAsync(TextWriter data, Row row, int index, List<double[]> theirs, List<double[]> ours)
    {
        var figure = row.Figures[index];
        var (their, our) = (Median(theirs, index), Median(ours, index));
        var ratio = our / their;
        var sign = figure.HigherIsBetter ? "≥" : "≤";
        await data.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture,
            $"| {row.Work}: {figure.Name} | {row.Against} | {their:#,0.#} | {our:#,0.#} | {ratio:0.00} | {sign} {figure.Must} | {figure.Aim} | {(figure.IsMet(ratio) ? "" : "**short**")} |"));
        return figure.IsMet(ratio);
    }

    private static double Median(List<double[]> rounds, int index)
    {
        var sorted = rounds.Select(round => round[index]).Order().ToList();
        return sorted[sorted.Count / 2];
    }
}
