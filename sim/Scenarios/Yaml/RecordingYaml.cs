using Actors.Sim.Recordings;
using Actors.Sim.Replays;
using Actors.Sim.Specs;
using Actors.Yaml;

namespace Actors.Sim.Scenarios.Yaml;

/// <summary>Reads which recording a scenario replays: a file, or a group with the file and what is known about the guests.</summary>
internal static class RecordingYaml
{
    private const string Key = "recording";

    /// <summary>Reads the recording; <see langword="null"/> if there is none, or if it has errors, which are added to the problems.</summary>
    /// <param name="reader">The world.</param>
    /// <param name="folder">The folder of the scenario.</param>
    /// <param name="domains">Reads guests, and keeps the names of domains.</param>
    public static RecordedWorld? Read(YamlReader reader, string folder, DomainYaml domains)
    {
        var world = reader.Node(Key) switch
        {
            null => null,
            YamlMap => FromGroup(reader.Group(Key)!, folder, domains),
            _ => reader.Text(Key) is { } file ? Load(reader, Key, Path.Combine(folder, file), null, new GuestSpec()) : null,
        };
        foreach (var spec in world?.Domains ?? [])
            domains.Add(spec.Name);
        return world;
    }

    private static RecordedWorld? FromGroup(YamlReader group, string folder, DomainYaml domains)
    {
        var interval = group.Duration("interval");
        var guest = domains.Guest(group.Group("guest"), workload: null);
        var world = group.Required("file") is { } file ? Load(group, "file", Path.Combine(folder, file), interval, guest) : null;
        group.Finish();
        return world;
    }

    private static RecordedWorld? Load(YamlReader reader, string key, string file, TimeSpan? interval, GuestSpec guest) =>
        reader.Recording(key, file, (lines, problems) => Recording.Read(lines, interval, problems)) is { } recording ? RecordedWorld.Of(recording, guest) : null;
}
