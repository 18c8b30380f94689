using System.Text.Json;
using Actors.Sim.Scenarios;

namespace Actors.Sim.Persistence;

/// <summary>What was found of an earlier machine.</summary>
/// <param name="Image">The machine, when there is one that can go on.</param>
/// <param name="WhyNot">Why it cannot; <see langword="null"/> when it can, or when there was none.</param>
internal sealed record MachineFound(MachineImage? Image, string? WhyNot = null);

/// <summary>Reads what a killed process has left in its <see cref="MachineFile"/>.</summary>
internal static class MachineReader
{
    public static MachineFound Read(string path, Scenario scenario)
    {
        try
        {
            return File.Exists(path) ? Read(File.ReadAllBytes(path), scenario) : new MachineFound(null);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new MachineFound(null, error.Message);
        }
    }

    private static MachineFound Read(ReadOnlySpan<byte> bytes, Scenario scenario)
    {
        var image = new MachineImage();
        // After the last line end is nothing, or a line that was cut off by the kill: whoever caused it has never had an answer.
        for (var (line, at) = (1, 0); bytes[at..].IndexOf((byte)'\n') is >= 0 and var length; line++, at += length + 1)
        {
            if (Parse(bytes.Slice(at, length)) is not { } entry || entry is MachineHead != (line == 1))
                return new MachineFound(null, $"line {line} is malformed");
            if (entry is MachineHead head && WhyForeign(head, scenario) is { } reason)
                return new MachineFound(null, reason);
            if (entry is DomainEntry domain && scenario.Find(domain.Name) is null)
                return new MachineFound(null, $"line {line} tells of a domain {domain.Name}, which the scenario does not have");
            if (line > 1)
                image.Apply(entry);
        }
        return image.Nodes.Any() ? new MachineFound(image) : new MachineFound(null, "it was cut off");
    }

    private static string? WhyForeign(MachineHead head, Scenario scenario)
    {
        if (head.Version != MachineHead.Known)
            return $"it is of another version of this program ({head.Version}, not {MachineHead.Known})";
        return head.Scenario == scenario.Fingerprint ? null : "it played another scenario, or this one before it was changed";
    }

    private static MachineEntry? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, MachineJson.Default.MachineEntry);
        }
        catch (Exception error) when (error is JsonException or NotSupportedException)
        {
            return null;
        }
    }
}
