using System.Collections.Concurrent;
using Actors.Chains.Scripts.Compiling;

namespace Actors.Chains.Scripts;

/// <summary>What became of the scripts that were compiled: in this process, and in the cache if there is one.</summary>
internal sealed class ScriptStore(ScriptCache? cache)
{
    // Only old versions of scripts fill this up.
    private const int MaxKnown = 4096;

    private readonly ConcurrentDictionary<ScriptSource, CompiledScript> _known = new();

    /// <summary>What became of a script; <see langword="null"/> if it was not compiled.</summary>
    public CompiledScript? Find(ScriptSource source) => _known.GetValueOrDefault(source) ?? cache?.Find(source);

    /// <summary>Compiles a script at once. The thread waits: on a simulated clock, time stands still meanwhile.</summary>
    public CompiledScript Compile(ScriptSource source, IScriptCompiler compiler)
    {
        var compiled = Task.Run(() => compiler.CompileAsync(source)).GetAwaiter().GetResult();
        Add(source, compiled);
        return compiled;
    }

    /// <summary>Keeps what became of a script.</summary>
    public void Add(ScriptSource source, CompiledScript compiled)
    {
        if (compiled.Image is not null || compiled.BrokeCompiler)
            cache?.Store(source, compiled);
        if (_known.Count >= MaxKnown)
            _known.Clear();
        _known[source] = compiled;
    }

    /// <summary>Forgets what became of a script, so that it is compiled again.</summary>
    public void Forget(ScriptSource source) => _known.TryRemove(source, out _);
}
