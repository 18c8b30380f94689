using System.Globalization;

namespace Actors.Peers;

/// <summary>The duration of random tests (PEERS_SECONDS, default 3 s) and their seed (PEERS_SEED, default 1).</summary>
internal static class Budget
{
    public static TimeSpan Time { get; } = TimeSpan.FromSeconds(Number("PEERS_SECONDS", 3));

    public static int Seed { get; } = Number("PEERS_SEED", 1);

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
