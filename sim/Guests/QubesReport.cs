using Actors.Sdk;

namespace Actors.Sim.Guests;

/// <summary>When the meminfo-writer of Qubes writes (qubes-linux-utils, qmemman/meminfo-writer.c, as it is started: 30000 100000).</summary>
internal static class QubesReport
{
    private const long Threshold = 30000;

    /// <summary>Whether the used memory has changed enough: by more than 30,000 KiB, or half of that when it grows and about 77 % is used.</summary>
    /// <param name="written">What was written last; zero at first.</param>
    /// <param name="used">What is used now.</param>
    /// <param name="total">The size of the guest.</param>
    public static bool IsDue(Kib written, Kib used, Kib total)
    {
        var change = Math.Abs((used - written).Value);
        return change > Threshold
            || written == Kib.Zero
            || (used > written && used.Value / 10 > (total.Value + 12) / 13 && change > Threshold / 2);
    }
}
