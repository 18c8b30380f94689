using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Files;
using Actors.Dispatch.Registry;
using Actors.Host.Tests.Chains.Scripts;
using Actors.Scripting;
using Actors.Sdk;

namespace Actors.Host.Tests.Chains.Files;

/// <summary>A folder of policies over the actors of <see cref="ScriptWorld"/>.</summary>
internal sealed class PolicyFiles : IActorLog, IDisposable
{
    private readonly string? _lastGood;

    /// <param name="world">The world of the domains.</param>
    /// <param name="cache">The cache of compiled scripts, if there is one.</param>
    /// <param name="lastGood">The folder of last good versions, if there is one.</param>
    /// <param name="path">The folder, if it exists already.</param>
    /// <param name="postpones">Whether scripts wait for <see cref="Compile"/>, as in a daemon.</param>
    public PolicyFiles(TestWorld world, ScriptCache? cache = null, string? lastGood = null, string? path = null, bool postpones = false)
    {
        _lastGood = lastGood;
        Path = path ?? System.IO.Directory.CreateTempSubdirectory("policies").FullName;
        Directory = ScriptWorld.Directory(world);
        var copies = lastGood is null ? null : new LastGoodFiles(lastGood, Logged.Add);
        Store = new ScriptStore(cache);
        Folder = new PolicyFolder(Path, new PolicyReader(Store, postpones ? null : new ScriptCompiler(), new LocalRunner(), Directory, world.Time, ScriptLimits.Standard), Directory, this, copies);
    }

    public string Path { get; }
    public ActorDirectory Directory { get; }
    public PolicyFolder Folder { get; }
    public ScriptStore Store { get; }
    public List<string> Logged { get; } = [];

    public PolicyStatus this[string name] => Folder.Statuses.Single(status => status.Name == name);

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes files and scans the folder.</summary>
    public void Write(params (string Name, string Text)[] files)
    {
        foreach (var (name, text) in files)
            System.IO.File.WriteAllText(File(name), text);
        Folder.Scan();
    }

    /// <summary>Compiles the scripts that the last scan postponed, and scans again.</summary>
    public void Compile()
    {
        foreach (var source in Folder.Scan())
            Store.Compile(source, new ScriptCompiler());
        Folder.Scan();
    }

    /// <summary>The same folder in a daemon that was started again.</summary>
    public PolicyFiles Restart(TestWorld world)
    {
        var restarted = new PolicyFiles(world, null, _lastGood, Path);
        restarted.Folder.Scan();
        return restarted;
    }

    public Task<Outcome> ReachAsync(RunContext domain, string policy) =>
        Directory.FindPolicy(policy)!.Policy.ReachAsync(domain, new TargetRequest { Target = Kib.FromMiB(512) }, default);

    public void Dispose()
    {
        if (System.IO.Directory.Exists(Path))
            System.IO.Directory.Delete(Path, recursive: true);
    }

    public void Debug(string message) => Logged.Add(message);

    public void Info(string message) => Logged.Add(message);

    public void Warn(string message) => Logged.Add(message);
}
