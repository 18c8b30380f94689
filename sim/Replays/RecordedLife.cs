using Actors.Sim.Recordings;

namespace Actors.Sim.Replays;

/// <summary>A domain from when it was first seen with a domid until it was last seen with it.</summary>
/// <param name="Name">The name that it has in the replay.</param>
/// <param name="Begin">The first sample that has it, since the start of the recording.</param>
/// <param name="End">The first sample that does not have it any more; <see langword="null"/> if it was there until the end.</param>
/// <param name="Rows">What was recorded, with the times since the start of the recording.</param>
internal sealed record RecordedLife(string Name, TimeSpan Begin, TimeSpan? End, IReadOnlyList<(TimeSpan At, RecordedDomain Row)> Rows)
{
    public RecordedDomain First => Rows[0].Row;

    /// <summary>All lives in a recording, ordered by when they began. A reboot and a restore begin a new one.</summary>
    public static IReadOnlyList<RecordedLife> In(Recording recording)
    {
        var start = recording.Samples[0].Time;
        var (open, lives, names) = (new Dictionary<(Guid, int), List<(TimeSpan, RecordedDomain)>>(), new List<(TimeSpan? End, List<(TimeSpan At, RecordedDomain Row)> Rows)>(), new Dictionary<Guid, string>());
        foreach (var sample in recording.Samples)
        {
            var at = sample.Time - start;
            var present = sample.Guests.Select(row => (row.Uuid, row.Domid)).ToHashSet();
            foreach (var gone in open.Keys.Where(key => !present.Contains(key)).ToList())
            {
                lives.Add((at, open[gone]));
                open.Remove(gone);
            }
            foreach (var row in sample.Guests)
            {
                if (!open.TryGetValue((row.Uuid, row.Domid), out var rows))
                    open[(row.Uuid, row.Domid)] = rows = [];
                rows.Add((at, row));
            }
        }
        lives.AddRange(open.Values.Select(rows => (default(TimeSpan?), rows)));
        return
        [
            .. lives.OrderBy(life => life.Rows[0].At).ThenBy(life => life.Rows[0].Row.Domid)
                .Select(life => new RecordedLife(NameOf(life.Rows[^1].Row, names), life.Rows[0].At, life.End, life.Rows)),
        ];
    }

    // The simulated world finds domains by name, so two domains need two.
    private static string NameOf(RecordedDomain row, Dictionary<Guid, string> names)
    {
        if (names.TryGetValue(row.Uuid, out var known))
            return known;
        var name = row.Name.Length == 0 ? $"domain-{row.Domid}" : row.Name;
        if (name == "Domain-0" || names.ContainsValue(name))
            name = $"{name}-{row.Uuid.ToString()[..8]}";
        return names[row.Uuid] = name;
    }
}
