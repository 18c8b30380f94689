using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Chains.Scripts;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Files;

/// <summary>A folder of policies over the actors of <see cref="ScriptWorld"/>.</summary>
internal sealed class PolicyFiles : IActorLog, IDisposable
{
    public PolicyFiles(TestWorld world, ScriptCache? cache = null)
    {
        Directory = ScriptWorld.Directory(world);
        Folder = new PolicyFolder(Path, new PolicyReader(cache, Directory, world.Time, ScriptLimits.Standard), Directory, this);
    }

    public string Path { get; } = System.IO.Directory.CreateTempSubdirectory("policies").FullName;
    public ActorDirectory Directory { get; }
    public PolicyFolder Folder { get; }
    public List<string> Told { get; } = [];

    public PolicyStatus this[string name] => Folder.Statuses.Single(status => status.Name == name);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes files and looks.</summary>
    public void Write(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
            System.IO.File.WriteAllText(File(name), text);
        Folder.Look();
    }

    public Task<Outcome> ReachAsync(RunContext domain, string policy) =>
        Directory.FindPolicy(policy)!.Policy.ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);

    public void Dispose() => System.IO.Directory.Delete(Path, recursive: true);

    public void Debug(string message) => Told.Add(message);

    public void Info(string message) => Told.Add(message);

    public void Warn(string message) => Told.Add(message);
}
