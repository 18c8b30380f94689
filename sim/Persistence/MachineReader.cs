using Actors.Sim.Scenarios;

namespace Actors.Sim.Persistence;

/// <summary>The result of reading an earlier machine's file.</summary>
/// <param name="Image">The machine, when there is one that can be restored.</param>
/// <param name="WhyNot">Why it cannot be restored; <see langword="null"/> when it can, or when there was none.</param>
/// <param name="Damaged">Whether the file is damaged.</param>
/// <param name="IsCut">Whether the last line is incomplete, and was ignored.</param>
internal sealed record MachineReadResult(MachineImage? Image, string? WhyNot = null, bool Damaged = false, bool IsCut = false);

/// <summary>Reads the <see cref="MachineFile"/> that a killed process has left.</summary>
internal static class MachineReader
{
    public static MachineReadResult Read(string path, Scenario scenario)
    {
        try
        {
            return File.Exists(path) ? Read(File.ReadAllBytes(path), scenario) : new MachineReadResult(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new MachineReadResult(null, error.Message);
        }
    }

    private static MachineReadResult Read(ReadOnlySpan<byte> bytes, Scenario scenario)
    {
        var (image, lines, complete) = (new MachineImage(), new MachineLines(), false);
        // Before version 2, lines had no checksum.
        if (bytes.StartsWith("{"u8))
            return new MachineReadResult(null, OtherVersion(1));
        // The last line may be cut off by the kill. The caller that caused it never received an answer, so it is ignored.
        var at = 0;
        for (var line = 1; bytes[at..].IndexOf((byte)'\n') is >= 0 and var length; line++, at += length + 1)
        {
            if (lines.Read(bytes.Slice(at, length)) is not { } entry || entry is MachineHeader != (line == 1))
                return new MachineReadResult(null, $"line {line} is damaged", Damaged: true);
            if (entry is MachineHeader head && WhyForeign(head, scenario) is { } reason)
                return new MachineReadResult(null, reason);
            if (entry is DomainEntry domain && scenario.Find(domain.Name) is null)
                return new MachineReadResult(null, $"line {line} contains a domain {domain.Name}, which the scenario does not have");
            if (entry is MachineComplete)
                complete = true;
            else if (line > 1)
                image.Apply(entry);
        }
        return complete ? new MachineReadResult(image, IsCut: at < bytes.Length) : new MachineReadResult(null, "the file is truncated", Damaged: true);
    }

    private static string? WhyForeign(MachineHeader head, Scenario scenario)
    {
        if (head.Version != MachineHeader.Known)
            return OtherVersion(head.Version);
        return head.Scenario == scenario.Fingerprint ? null : "it played another scenario, or this one before it was changed";
    }

    private static string OtherVersion(int version) =>
        $"it was written by another version of this program ({version}, not {MachineHeader.Known})";
}
