using Actors.Chains.Files;
using Actors.Chains.Scripts;
using Actors.Chains.Scripts.Compiling;
using Actors.Chains.Scripts.Running;
using Actors.Dispatch.Domains;
using Actors.Dispatch.Journal;
using Actors.Dispatch.Registry;
using Actors.Host.Logging;
using Actors.Scripting;
using Actors.Sdk;
using Actors.XenStore.Embedded;

namespace Actors.Bench;

/// <summary>A folder of policies with one actor that returns immediately, and one domain of an idle host.</summary>
internal sealed class PolicyBench : IDisposable, IJournal
{
    private static readonly TargetRequest Request = new() { Target = Kib.FromMiB(512) };

    private readonly string _folder = Directory.CreateTempSubdirectory("policies-").FullName;
    private readonly ActorDirectory _directory = new("p");
    private readonly PolicyFolder _policies;
    private readonly HostDomain _domain;

    public PolicyBench()
    {
        _directory.SetActors([new PluginEntry("done", new DoneActor())]);
        _policies = new PolicyFolder(_folder, new PolicyReader(new ScriptStore(null), new ScriptCompiler(), new LocalRunner(), _directory, TimeProvider.System, ScriptLimits.Standard), _directory, Log.Silent);
        var ground = new HostServices(new EmbeddedXenStore().Connect(0), new ObedientMachine(1), TimeProvider.System, this, _ => Log.Silent);
        _domain = new HostDomain(new DomainIdentity(1, Guid.Empty, "bench"), ground, new Engagements([]));
    }

    public void Write(string file, string text)
    {
        File.WriteAllText(Path.Combine(_folder, file), text);
        _policies.Scan();
        if (_policies.Problems.Count > 0)
            throw new InvalidOperationException(string.Join('\n', _policies.Problems));
    }

    public async Task RunAsync(int runs)
    {
        for (var run = 0; run < runs; run++)
            await _directory.FindPolicy("p")!.Policy.ReachAsync(new RunContext(_domain, IRunObserver.None), Request, default);
    }

    public IReadOnlyList<WeakReference> Lives() => ((PolicyVersion)_directory.FindPolicy("p")!.Policy).LoadedPrograms;

    public void Append(JournalEntry entry)
    {
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private sealed class DoneActor : IActor
    {
        public Task<Outcome> ReachAsync(IDomain domain, TargetRequest request, CancellationToken cancellation) =>
            Task.FromResult(Outcome.Reached(request.Target, "done"));

        public Task ReleaseAsync(IDomain domain, CancellationToken cancellation) => Task.CompletedTask;

        public ValueTask DisposeAsync() => default;
    }
}
