using System.Globalization;
using Actors.Sdk;

namespace Actors.Sim.Recordings;

/// <summary>The columns of a recording, in their order, with how a row is written into them and read from them.</summary>
internal static class RecordingColumns
{
    private const string TimeFormat = "yyyy-MM-ddTHH:mm:ss.fffZ";

    /// <summary>The names, as the first line of a recording has them.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "time", "domid", "uuid", "name", "kind", "state", "footprint_kib", "max_mem_kib", "paged_out_kib", "target_kib", "actor", "balloon_target_kib", "static_max_kib",
        "mem_total_kib", "mem_available_kib", "cached_kib", "kernel_kib", "committed_kib", "swap_total_kib", "swap_free_kib", "host_total_kib", "host_free_kib",
    ];

    /// <summary>The first line.</summary>
    public static string Heading => string.Join(',', Names);

    /// <summary>A row as a line.</summary>
    public static string Line(RecordedDomain row) => string.Join(',', new[]
    {
        row.Time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture), Text(row.Domid), row.Uuid.ToString(), row.Name, Word(row.Kind), Word(row.State),
        Text(row.Footprint), Text(row.MaxMem), Text(row.PagedOut), Text(row.Target), row.Actor, Text(row.BalloonTarget), Text(row.StaticMax),
        Text(row.Report?.Total), Text(row.Report?.Available), Text(row.Report?.Cached), Text(row.Report?.Kernel), Text(row.Report?.Committed),
        Text(row.Report?.SwapTotal), Text(row.Report?.SwapFree), Text(row.HostTotal), Text(row.HostFree),
    }.Select(CsvText.Field));

    /// <summary>Reads a row.</summary>
    /// <param name="field">Returns the value of a column.</param>
    /// <param name="wrong">Called with the column and what is expected there, for each value that is wrong.</param>
    /// <returns>The row; <see langword="null"/> if a value is wrong.</returns>
    public static RecordedDomain? Read(Func<string, string> field, Action<string, string> wrong)
    {
        var valid = true;
        void Reject(string column, string expected)
        {
            valid = false;
            wrong(column, expected);
        }
        Kib? Size(string column, bool required = false)
        {
            var text = field(column);
            if (text.Length == 0 && !required)
                return null;
            if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var kib) && kib <= MostKib)
                return new Kib(kib);
            Reject(column, "a number of KiB");
            return null;
        }
        T Choice<T>(string column, T byDefault) where T : struct, Enum
        {
            var text = field(column);
            if (text.Length == 0)
                return byDefault;
            foreach (var value in Enum.GetValues<T>())
                if (Word(value) == text)
                    return value;
            Reject(column, $"one of {string.Join(", ", Enum.GetValues<T>().Select(Word))}");
            return byDefault;
        }
        if (!DateTimeOffset.TryParse(field("time"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time))
            Reject("time", "a time such as 2026-01-31T12:00:00.000Z");
        if (!int.TryParse(field("domid"), NumberStyles.None, CultureInfo.InvariantCulture, out var domid))
            Reject("domid", "a domid");
        if (!Guid.TryParse(field("uuid"), out var uuid))
            Reject("uuid", "a UUID");
        var row = new RecordedDomain
        {
            Time = time,
            Domid = domid,
            Uuid = uuid,
            Name = field("name"),
            Kind = Choice("kind", DomainKind.Pvh),
            State = Choice("state", DomainState.Running),
            Footprint = Size("footprint_kib", required: true) ?? Kib.Zero,
            MaxMem = Size("max_mem_kib") ?? Kib.Zero,
            PagedOut = Size("paged_out_kib") ?? Kib.Zero,
            Target = Size("target_kib"),
            Actor = field("actor"),
            BalloonTarget = Size("balloon_target_kib"),
            StaticMax = Size("static_max_kib"),
            Report = Size("mem_total_kib") is { } total && Size("mem_available_kib") is { } available ? new RecordedReport(total, available)
            {
                Cached = Size("cached_kib"),
                Kernel = Size("kernel_kib"),
                Committed = Size("committed_kib"),
                SwapTotal = Size("swap_total_kib"),
                SwapFree = Size("swap_free_kib"),
            }
            : null,
            HostTotal = Size("host_total_kib"),
            HostFree = Size("host_free_kib"),
        };
        return valid ? row : null;
    }

    /// <summary>No machine has more, and sums of it fit.</summary>
    private const long MostKib = 1L << 42;

    private static string Text(Kib? amount) => amount?.Value.ToString(CultureInfo.InvariantCulture) ?? "";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();
}
